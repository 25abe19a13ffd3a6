import type { PictureRef } from "../../stages/picture-ref.ts";
import type { Post } from "../post.ts";
import type { StageRunner } from "../stage-runner.ts";
import type { NamedEntity } from "../text/entities.ts";
import type { Expression } from "../text/expand.ts";
import { judge, unknown, type Verdict } from "./judge.ts";
import { type LocatedBox, locate } from "./locate.ts";

/** What entailment and grounding said of the entities. */
export interface Sight {
  readonly verdictOf: (entityId: string) => Verdict;
  readonly boxes: readonly LocatedBox[];
}

/**
 * Entailment and grounding: together, or in `mode: "cheap"` the second for those alone whom the first did not rule out.
 * A no drops an entity's boxes; a null keeps them.
 */
export async function look(
  post: Post,
  entities: readonly NamedEntity[],
  expressions: ReadonlyMap<string, Expression>,
  caption: string | null,
  view: PictureRef | null,
  stages: StageRunner,
): Promise<Sight> {
  if (post.task === "mner") return { verdictOf: () => unknown("not_asked"), boxes: [] };
  if (!post.picture) return { verdictOf: () => unknown("no_image"), boxes: [] };
  if (!view) return { verdictOf: () => unknown("stage_failed"), boxes: [] };

  const asked = entities.map(({ id, text, type }) => {
    const expression = expressions.get(id)?.text;
    return expression === undefined ? { id, text, type } : { id, text, type, expression };
  });
  const background = caption === null ? {} : { caption };
  const entailing = stages.run("entailment", { ...background, entities: asked }, view).then((entailment) => {
    const judgements = new Map(entailment?.judgements.map((judgement) => [judgement.id, judgement]));
    return (id: string) => {
      const judgement = judgements.get(id);
      return judgement || !stages.failed("entailment")
        ? judge(judgement, post.thresholds.visible)
        : unknown("stage_failed");
    };
  });
  const candidates = async () => {
    const verdictOf = await entailing;
    return asked.filter(({ id }) => verdictOf(id).visible !== false);
  };
  const ground = async (sought: typeof asked) =>
    sought.length > 0 ? stages.run("grounding", { entities: sought }, view) : null;
  const grounding = await (post.mode === "cheap"
    ? candidates().then(ground)
    : Promise.all([ground(asked), entailing]).then(([found]) => found));
  const regions = new Map(grounding?.groundings.map(({ id, regions }) => [id, regions]));
  const boxes = locate(await candidates(), regions, view, post.picture.size, post.thresholds.region);
  return { verdictOf: await entailing, boxes };
}
