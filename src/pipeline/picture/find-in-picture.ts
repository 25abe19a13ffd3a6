import type { StageEntity } from "../../../schemas/primitives.ts";
import type { VisibilityReason } from "../../../schemas/recognize.ts";
import type { EntailmentOutput, Judgement } from "../../../schemas/stages/entailment.ts";
import type { GroundedRegion } from "../../../schemas/stages/grounding.ts";
import type { PictureRef } from "../../stages/picture-ref.ts";
import type { Expression, Visibility } from "../events.ts";
import { notJudged } from "../fold.ts";
import type { Post } from "../post.ts";
import type { Run } from "../run.ts";
import type { NamedEntity } from "../text/entities.ts";
import { type LocatedRegion, locate } from "./locate.ts";
import { type HasBox, visibilityOf } from "./visibility.ts";

/** The input of entailment and grounding, besides the picture. */
export interface SoughtEntities {
  readonly entities: readonly NamedEntity[];
  /** By entity id. */
  readonly expressions: ReadonlyMap<string, Expression>;
  /** A description of the picture; null when there is none. */
  readonly caption: string | null;
}

/**
 * Runs entailment and grounding in parallel. With `mode: "cheap"`, grounding runs after entailment, and only for the
 * entities that entailment did not judge invisible. An invisible entity loses its boxes; an undecided one keeps them.
 * Emits a `visibility` event for each entity and a `region` event for each box. With a threshold, visibility depends on
 * the boxes and is emitted after grounding.
 *
 * @param picture the picture that models see; null when they have none
 * @returns the regions that were emitted
 */
export async function findInPicture(
  post: Post,
  { entities, expressions, caption }: SoughtEntities,
  picture: PictureRef | null,
  run: Run,
): Promise<LocatedRegion[]> {
  if (!picture || !post.picture || post.task === "mner") {
    const reason = reasonWithout(post);
    for (const { id } of entities) run.emit({ event: "visibility", entity_id: id, visibility: notJudged(reason) });
    return [];
  }
  const sought = entities.map(({ id, text, type }): StageEntity => {
    const expression = expressions.get(id)?.text;
    return expression === undefined ? { id, text, type } : { id, text, type, expression };
  });
  const threshold = post.thresholds.visible;
  const judging = judgeEntities(sought, caption, post.text, picture, run);
  const visibilitiesBy = async (hasBox: (id: string) => HasBox) =>
    visibilitiesOf(sought, await judging, threshold, hasBox, run);
  // Without a threshold, boxes change nothing, and the visibilities need not wait for them.
  const early = threshold === undefined ? visibilitiesBy(() => null).then((all) => emitVisibilities(all, run)) : null;
  const notRuledOut = async () => {
    // Until grounding has answered, an entity counts as one with a box.
    const visibilities = (await early) ?? (await visibilitiesBy(() => true));
    return sought.filter(({ id }) => visibilities.get(id)?.visible !== false);
  };
  const ground = (candidates: readonly StageEntity[]) => groundEntities(candidates, post.text, picture, run);
  const grounding = post.mode === "cheap" ? notRuledOut().then(ground) : ground(sought);
  const [grounded, kept] = await Promise.all([grounding, notRuledOut()]);
  const regions = locate(kept, grounded, picture, post.picture.size, post.thresholds.region);
  if (!early) {
    const found = new Set(regions.map(({ entityId }) => entityId));
    emitVisibilities(await visibilitiesBy((id) => found.has(id)), run);
  }
  for (const { entityId, region } of regions) run.emit({ event: "region", entity_id: entityId, region });
  return regions;
}

/** Why no entity's visibility is judged when models have no picture. */
function reasonWithout({ task, picture }: Post): VisibilityReason {
  if (task === "mner") return "not_asked";
  return picture ? "stage_failed" : "no_image";
}

/** The judgement of each entity, by its id; null when the stage gave no answer. */
async function judgeEntities(
  sought: readonly StageEntity[],
  caption: string | null,
  text: string,
  picture: PictureRef,
  run: Run,
): Promise<EntailmentOutput | null> {
  const background = caption === null ? {} : { caption };
  return run.stages.run("entailment", { ...background, text, entities: [...sought] }, picture);
}

/**
 * Each entity's visibility, by its id, from the output of entailment.
 *
 * @param output null when the stage gave no answer
 * @param threshold score from which an entity counts as visible; undefined for the model's own decision
 */
export function visibilitiesOf(
  sought: readonly StageEntity[],
  output: EntailmentOutput | null,
  threshold: number | undefined,
  hasBox: (id: string) => HasBox,
  run: Run,
): ReadonlyMap<string, Visibility> {
  const judgements = new Map<string, Judgement>(output?.judgements.map((judgement) => [judgement.id, judgement]));
  return new Map(
    sought.map(({ id }) => {
      const judgement = judgements.get(id);
      const stageFailed = !judgement && run.stages.failed("entailment");
      return [id, stageFailed ? notJudged("stage_failed") : visibilityOf(judgement, threshold, hasBox(id))];
    }),
  );
}

/** Emits a `visibility` event for each entity. */
export function emitVisibilities<Visibilities extends ReadonlyMap<string, Visibility>>(
  visibilities: Visibilities,
  run: Run,
): Visibilities {
  for (const [id, visibility] of visibilities) run.emit({ event: "visibility", entity_id: id, visibility });
  return visibilities;
}

/** The boxes of each entity, by its id, in the pixels that models see. */
async function groundEntities(
  sought: readonly StageEntity[],
  text: string,
  picture: PictureRef,
  run: Run,
): Promise<ReadonlyMap<string, readonly GroundedRegion[]>> {
  const output = sought.length > 0 ? await run.stages.run("grounding", { text, entities: [...sought] }, picture) : null;
  return new Map(output?.groundings.map(({ id, regions }) => [id, regions]));
}
