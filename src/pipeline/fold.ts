import type { Problem } from "../../schemas/problem.ts";
import type { Entity, RecognizeAnswer, StageRecord } from "../../schemas/recognize.ts";
import { STAGE_NAMES } from "../../schemas/stages/index.ts";
import type { EntityName, Expression, FoundMention, FoundRegion, MaskPart, RunEvent, Visibility } from "./events.ts";

/** Everything that a run has found, by kind. */
export interface Findings {
  /** In text order. */
  readonly mentions: readonly { readonly entity: EntityName; readonly mention: FoundMention }[];
  /** By entity id. */
  readonly expressions: ReadonlyMap<string, Expression>;
  /** By entity id. */
  readonly visibilities: ReadonlyMap<string, Visibility>;
  /** By entity id, each entity's best first. */
  readonly regions: ReadonlyMap<string, readonly FoundRegion[]>;
  /** By region id. */
  readonly masks: ReadonlyMap<string, MaskPart>;
  /** Those that make the answer partial come first. */
  readonly problems: readonly Problem[];
  /** One for each model that was called and each stage answered from a cache, in the order of the pipeline. */
  readonly stages: readonly StageRecord[];
}

/** The fields that every answer has, whatever its operation. */
type Envelope = Pick<RecognizeAnswer, "id" | "partial" | "problems" | "stages">;

/** Everything that the events report. A pure function, so it can be called at any time during a run. */
export function foldEvents(events: readonly RunEvent[]): Findings {
  const mentions: Array<Findings["mentions"][number]> = [];
  const expressions = new Map<string, Expression>();
  const visibilities = new Map<string, Visibility>();
  const regions = new Map<string, FoundRegion[]>();
  const masks = new Map<string, MaskPart>();
  const problems: Problem[] = [];
  const records = new Map<string, StageRecord>();
  for (const event of events) {
    switch (event.event) {
      case "mention":
        mentions.push(event);
        break;
      case "expression":
        expressions.set(event.entity_id, event.expression);
        break;
      case "visibility":
        visibilities.set(event.entity_id, event.visibility);
        break;
      case "region":
        regions.set(event.entity_id, [...(regions.get(event.entity_id) ?? []), event.region]);
        break;
      case "mask":
        masks.set(event.region_id, event.mask);
        break;
      case "problem":
        problems.push(event.problem);
        break;
      case "stage":
        records.set(`${event.record.stage} ${event.entry}`, event.record);
        break;
    }
  }
  return {
    mentions,
    expressions,
    visibilities,
    regions,
    masks,
    problems: [...problems.filter(isFailure), ...problems.filter((problem) => !isFailure(problem))],
    stages: STAGE_NAMES.flatMap((stage) => [...records.values()].filter((record) => record.stage === stage)),
  };
}

/**
 * The fields that every answer has. It is `partial` when a stage failed.
 *
 * @param id of the request, `req_…`
 */
export function envelopeOf(id: string, { problems, stages }: Findings): Envelope {
  return { id, partial: problems.some(isFailure), problems: [...problems], stages: [...stages] };
}

/** The entities in the order in which the text first names them, each with everything that was found for it. */
export function entitiesOf({ mentions, expressions, visibilities, regions, masks }: Findings): Entity[] {
  const names = new Map(mentions.map(({ entity }) => [entity.id, entity]));
  return [...names].map(([id, name]) => {
    const entityMentions = mentions.filter(({ entity }) => entity.id === id).map(({ mention }) => mention);
    const scores = entityMentions.flatMap(({ score }) => score ?? []);
    return {
      ...name,
      score: scores.length > 0 ? Math.max(...scores) : null,
      mentions: entityMentions.map(({ text: _, ...place }) => place),
      expression: expressions.get(id) ?? null,
      ...(visibilities.get(id) ?? notJudged("not_asked")),
      regions: (regions.get(id) ?? []).map((region) => ({
        ...region,
        ...(masks.get(region.id) ?? noMask("not_asked")),
      })),
    };
  });
}

/** A region without a mask. */
export function noMask(mask_reason: NonNullable<MaskPart["mask_reason"]>): MaskPart {
  return { mask: null, mask_score: null, mask_method: null, mask_reason, mask_url: null };
}

/** The visibility of an entity that no model judged. */
export function notJudged(reason: NonNullable<Visibility["visibility"]["reason"]>): Visibility {
  return { visible: null, visibility: { score: null, method: null, calibrated: false, evidence: null, reason } };
}

/** Whether a problem makes the answer partial: a stage failed for all or part of its input. */
function isFailure({ code }: Problem): boolean {
  return (
    code === "stage_failed" ||
    code === "over_budget" ||
    code === "invalid_picture" ||
    code === "picture_too_many_pixels"
  );
}
