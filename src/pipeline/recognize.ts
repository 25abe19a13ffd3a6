import type { RecognizeAnswer, RecognizeRequest } from "../../schemas/recognize.ts";
import type { Mention } from "../../schemas/stages/mner.ts";
import type { Log } from "../observe/log.ts";
import type { ExpansionCache } from "../storage/expansion-cache.ts";
import { assemble } from "./assemble.ts";
import type { NamedEntity } from "./entities.ts";
import { type Expression, expand } from "./expand.ts";
import { findEntities } from "./find-entities.ts";
import { judge, unknown, type Verdict } from "./judge.ts";
import { type LocatedBox, locate } from "./locate.ts";
import type { Offsets } from "./offsets.ts";
import type { Picture } from "./read-picture.ts";
import { StageRunner, type StageTools } from "./run-stage.ts";
import { type KeepMask, type MaskPart, segment } from "./segment.ts";
import { type View, viewOf } from "./view.ts";

/** A post whose request is in order: offsets are positions in `text`, the picture's header is read. */
export interface Post extends Pick<RecognizeRequest, "text" | "task" | "thresholds" | "max_entities" | "offset_encoding"> {
  readonly id: string;
  /** The caller's own mentions; null to have them found. */
  readonly mentions: readonly Mention[] | null;
  readonly picture: Picture | null;
  readonly offsets: Offsets;
}

export interface RecognizeTools extends StageTools {
  readonly expansions: ExpansionCache;
  readonly keepMask: KeepMask;
  readonly log: Log;
  /** Work that need not be done before the answer. */
  readonly later: (work: Promise<unknown>) => void;
}

/** What entailment and grounding said of the entities. */
interface Sight {
  readonly verdictOf: (entityId: string) => Verdict;
  readonly boxes: readonly LocatedBox[];
}

/**
 * A post in, its entities out: the stage graph of design section 3. What does not wait for another stage runs beside it.
 *
 * @param signal aborts every call upstream; a deadline among its sources ends the stages that are late, and the rest is answered
 * @returns the answer, and the picture as models were given it (null when none was needed)
 * @throws ProblemError when there is nothing to answer: no mentions, or a picture that turns out to be broken
 */
export async function recognize(
  post: Post,
  tools: RecognizeTools,
  signal: AbortSignal,
): Promise<{ answer: RecognizeAnswer; view: View | null }> {
  // Whatever still runs when the answer is made (a picture being prepared for nothing) is told to stop.
  const over = new AbortController();
  const stages = new StageRunner(tools, AbortSignal.any([signal, over.signal]));
  try {
    return await answer(post, stages, tools);
  } finally {
    over.abort();
  }
}

async function answer(post: Post, stages: StageRunner, tools: RecognizeTools): Promise<{ answer: RecognizeAnswer; view: View | null }> {
  const picture = post.task === "mner" ? null : post.picture;
  const viewing = picture ? viewOf(picture, stages) : Promise.resolve(null);
  const warming = post.task === "smner" ? warm(viewing, stages) : Promise.resolve();
  // Both are awaited where they are needed; until then a rejection must not count as unhandled.
  Promise.allSettled([viewing, warming]);

  const naming = { ...post, maxEntities: post.max_entities, mentionThreshold: post.thresholds.mention };
  const { entities, problems } = await findEntities(naming, stages);
  const expressions =
    post.task === "mner"
      ? new Map<string, Expression>()
      : await expand(entities, { text: post.text, picture: picture?.sha256 ?? null }, stages, {
          ...tools,
          cache: tools.expansions,
          chain: tools.chains.expansion,
        });

  const view = entities.length > 0 ? await viewing : null;
  const sight = await look(post, entities, expressions, view, stages);
  let masks: ReadonlyMap<string, MaskPart> = new Map();
  if (post.task === "smner" && picture && view && sight.boxes.length > 0) {
    await warming;
    const segmented = await segment(sight.boxes, view, picture.size, stages, tools.keepMask);
    masks = segmented.masks;
    problems.push(...segmented.problems);
  }

  return {
    view,
    answer: {
      id: post.id,
      partial: stages.failures.length > 0,
      offset_encoding: post.offset_encoding,
      image: post.picture && { ...post.picture.size, sha256: post.picture.sha256 },
      entities: assemble(entities, { expressions, masks, ...sight }, post.offsets),
      problems: [...stages.failures, ...stages.notes, ...problems],
      stages: stages.records,
    },
  };
}

/** One call in flight a picture: the boxes wait until it is prepared, which they would have to anyway. */
async function warm(viewing: Promise<View | null>, stages: StageRunner): Promise<void> {
  const view = await viewing;
  if (view) await stages.prepare("segmentation", { image: view.image, boxes: [], warm: true });
}

/** Entailment and grounding, together. A no drops an entity's boxes; a null keeps them. */
async function look(
  post: Post,
  entities: readonly NamedEntity[],
  expressions: ReadonlyMap<string, Expression>,
  view: View | null,
  stages: StageRunner,
): Promise<Sight> {
  if (post.task === "mner") return { verdictOf: () => unknown("not_asked"), boxes: [] };
  if (!post.picture) return { verdictOf: () => unknown("no_image"), boxes: [] };
  if (!view) return { verdictOf: () => unknown("stage_failed"), boxes: [] };

  const asked = entities.map(({ id, text, type }) => {
    const expression = expressions.get(id)?.text;
    return expression === undefined ? { id, text, type } : { id, text, type, expression };
  });
  const [entailment, grounding] = await Promise.all([
    stages.run("entailment", { image: view.image, entities: asked }),
    stages.run("grounding", { image: view.image, entities: asked }),
  ]);
  const judgements = new Map(entailment?.judgements.map((judgement) => [judgement.id, judgement]));
  const verdictOf = (id: string) => (entailment ? judge(judgements.get(id), post.thresholds.visible) : unknown("stage_failed"));
  const candidates = entities.filter(({ id }) => verdictOf(id).visible !== false);
  const regions = new Map(grounding?.groundings.map(({ id, regions }) => [id, regions]));
  return { verdictOf, boxes: locate(candidates, regions, view, post.picture.size, post.thresholds.region) };
}
