import type { StageEntity } from "../../../schemas/primitives.ts";
import type { VisibilityReason } from "../../../schemas/recognize.ts";
import type { EntailmentOutput } from "../../../schemas/stages/entailment.ts";
import type { PictureRef } from "../../stages/picture-ref.ts";
import type { Expression, Visibility } from "../events.ts";
import { notJudged } from "../fold.ts";
import type { Post } from "../post.ts";
import type { Run } from "../run.ts";
import type { NamedEntity } from "../text/entities.ts";
import { type LocatedRegion, locate } from "./locate.ts";
import { visibilityOf } from "./visibility.ts";

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
 * Emits a `visibility` event for each entity and a `region` event for each box.
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
  const judging = judgeEntities(sought, caption, post.thresholds.visible, picture, run);
  const notRuledOut = async () => {
    const visibilities = await judging;
    return sought.filter(({ id }) => visibilities.get(id)?.visible !== false);
  };
  const ground = (candidates: readonly StageEntity[]) => groundEntities(candidates, picture, run);
  const grounding = post.mode === "cheap" ? notRuledOut().then(ground) : ground(sought);
  const [grounded, kept] = await Promise.all([grounding, notRuledOut()]);
  const regions = locate(kept, grounded, picture, post.picture.size, post.thresholds.region);
  for (const { entityId, id, box, score, method } of regions) {
    run.emit({ event: "region", entity_id: entityId, region: { id, box, score, method } });
  }
  return regions;
}

/** Why no entity's visibility is judged when models have no picture. */
function reasonWithout({ task, picture }: Post): VisibilityReason {
  if (task === "mner") return "not_asked";
  return picture ? "stage_failed" : "no_image";
}

/** Each entity's visibility, by its id, as the entailment stage judges it. Emits a `visibility` event for each. */
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
 * Each entity's visibility, by its id, from the output of entailment. Emits a `visibility` event for each.
 *
 * @param output null when the stage gave no answer
 * @param threshold score from which an entity counts as visible; undefined for the model's own decision
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
    const stageFailed = !judgement && run.stages.failed("entailment");
    const visibility = stageFailed ? notJudged("stage_failed") : visibilityOf(judgement, threshold);
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
