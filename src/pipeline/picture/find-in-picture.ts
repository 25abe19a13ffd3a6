import type { StageEntity } from "../../../schemas/primitives.ts";
import type { VisibilityReason } from "../../../schemas/recognize.ts";
import type { EntailmentOutput } from "../../../schemas/stages/entailment.ts";
import type { PictureRef } from "../../stages/picture-ref.ts";
import type { Expression, Visibility } from "../events.ts";
import { unseen } from "../fold.ts";
import type { Post } from "../post.ts";
import type { Run } from "../run.ts";
import type { NamedEntity } from "../text/entities.ts";
import { type LocatedRegion, locate } from "./locate.ts";
import { visibilityOf } from "./visibility.ts";

/** What entailment and grounding are told of the entities. */
export interface SoughtEntities {
  readonly entities: readonly NamedEntity[];
  /** By entity. */
  readonly expressions: ReadonlyMap<string, Expression>;
  /** What the picture shows, in words. */
  readonly caption: string | null;
}

/**
 * Entailment and grounding: together, or in `mode: "cheap"` grounding for those entities alone that entailment did not
 * rule out. A no drops an entity's boxes; a null keeps them. Emits a `visibility` event for each entity and a `region`
 * event for each box.
 *
 * @param picture the picture as models are given it; null when there is none for them
 */
export async function findInPicture(
  post: Post,
  { entities, expressions, caption }: SoughtEntities,
  picture: PictureRef | null,
  run: Run,
): Promise<LocatedRegion[]> {
  if (!picture || !post.picture || post.task === "mner") {
    const reason = reasonWithout(post);
    for (const { id } of entities) run.emit({ event: "visibility", entity_id: id, visibility: unseen(reason) });
    return [];
  }
  const sought = entities.map(({ id, text, type }): StageEntity => {
    const expression = expressions.get(id)?.text;
    return expression === undefined ? { id, text, type } : { id, text, type, expression };
  });
  const judging = judgeEntities(sought, caption, post.thresholds.visible, picture, run);
  const candidates = async () => {
    const visibilities = await judging;
    return sought.filter(({ id }) => visibilities.get(id)?.visible !== false);
  };
  const ground = (wanted: readonly StageEntity[]) => groundEntities(wanted, picture, run);
  const grounding = post.mode === "cheap" ? candidates().then(ground) : ground(sought);
  const [grounded, seen] = await Promise.all([grounding, candidates()]);
  const regions = locate(seen, grounded, picture, post.picture.size, post.thresholds.region);
  for (const { entityId, id, box, score, method } of regions) {
    run.emit({ event: "region", entity_id: entityId, region: { id, box, score, method } });
  }
  return regions;
}

/** Why nothing can be said of an entity's visibility when there is no picture for models. */
function reasonWithout({ task, picture }: Post): VisibilityReason {
  if (task === "mner") return "not_asked";
  return picture ? "stage_failed" : "no_image";
}

/** Whether each entity can be seen, by its id. Emits a `visibility` event for each. */
async function judgeEntities(
  sought: readonly StageEntity[],
  caption: string | null,
  threshold: number | undefined,
  picture: PictureRef,
  run: Run,
): Promise<ReadonlyMap<string, Visibility>> {
  const background = caption === null ? {} : { caption };
  const output = await run.stages.run("entailment", { ...background, entities: [...sought] }, picture);
  return emitVisibilities(sought, output, threshold, run);
}

/**
 * What entailment's answer says of each entity, by its id. Emits a `visibility` event for each.
 *
 * @param output null when the stage gave no answer
 */
export function emitVisibilities(
  sought: readonly StageEntity[],
  output: EntailmentOutput | null,
  threshold: number | undefined,
  run: Run,
): ReadonlyMap<string, Visibility> {
  const judgements = new Map(output?.judgements.map((judgement) => [judgement.id, judgement]));
  const visibilities = new Map<string, Visibility>();
  for (const { id } of sought) {
    const judgement = judgements.get(id);
    const missed = !judgement && run.stages.failed("entailment");
    const visibility = missed ? unseen("stage_failed") : visibilityOf(judgement, threshold);
    visibilities.set(id, visibility);
    run.emit({ event: "visibility", entity_id: id, visibility });
  }
  return visibilities;
}

/** The boxes of each entity, by its id, in the pixels that models see. */
async function groundEntities(sought: readonly StageEntity[], picture: PictureRef, run: Run) {
  const output = sought.length > 0 ? await run.stages.run("grounding", { entities: [...sought] }, picture) : null;
  return new Map(output?.groundings.map(({ id, regions }) => [id, regions]));
}
