import type { RecognizeAnswer } from "../../schemas/recognize.ts";
import type { PictureRef } from "../stages/picture-ref.ts";
import { assemble } from "./assemble.ts";
import { describe } from "./picture/describe.ts";
import { look } from "./picture/find-in-picture.ts";
import type { RunPictures } from "./picture/run-pictures.ts";
import { type KeepMask, type MaskPart, segment } from "./picture/segment.ts";
import { viewOf } from "./picture/upright.ts";
import type { Post } from "./post.ts";
import type { StageRunner } from "./stage-runner.ts";
import { type ExpansionTools, type Expression, expand } from "./text/expand.ts";
import { findEntities } from "./text/find-entities.ts";

export interface RecognizeTools extends ExpansionTools {
  readonly host: RunPictures;
  readonly keepMask: KeepMask;
  /** The entry of the model that gives captions; null without one. */
  readonly captioner: string | null;
}

/**
 * A post in, its entities out: the stage graph of design section 3. What does not wait for another stage runs beside
 * it.
 *
 * @returns the answer, and the picture as models were given it (null when none was needed)
 * @throws ProblemError when there is nothing to answer: no mentions, or a picture that turns out to be broken
 */
export async function recognize(
  post: Post,
  stages: StageRunner,
  tools: RecognizeTools,
): Promise<{ answer: RecognizeAnswer; view: PictureRef | null }> {
  const picture = post.task === "mner" ? null : post.picture;
  const viewing = picture ? viewOf(picture, tools.host, stages) : Promise.resolve(null);
  const warming = post.task === "smner" ? warm(viewing, stages) : Promise.resolve();
  const describing = describe(viewing, stages);
  // All are awaited where they are needed; until then a rejection must not count as unhandled.
  Promise.allSettled([viewing, warming, describing]);

  const naming = { ...post, maxEntities: post.max_entities, threshold: post.thresholds.mention };
  const { entities, problems } = await findEntities(naming, stages, () => viewing);
  const caption = entities.length > 0 ? await describing : null;
  const background = caption === null ? null : tools.captioner;
  const subject = { text: post.text, caption, background, picture: picture?.sha256 ?? null };
  const expressions =
    post.task === "mner" ? new Map<string, Expression>() : await expand(entities, subject, stages, tools);

  const view = entities.length > 0 ? await viewing : null;
  const sight = await look(post, entities, expressions, caption, view, stages);
  let masks: ReadonlyMap<string, MaskPart> = new Map();
  if (post.task === "smner" && picture && view && sight.boxes.length > 0) {
    await warming;
    const segmented = await segment(sight.boxes, view, picture.size, stages, {
      form: post.masks,
      keep: tools.keepMask,
    });
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
      entities: assemble(entities, { expressions, masks, ...sight }, post.positions, post.labels),
      overlay_url: null,
      problems: [...stages.failures, ...stages.notes, ...problems],
      stages: stages.records,
    },
  };
}

/** One call in flight a picture: the boxes wait until it is prepared, which they would have to anyway. */
async function warm(viewing: Promise<PictureRef | null>, stages: StageRunner): Promise<void> {
  const view = await viewing;
  if (view) await stages.prepare("segmentation", { boxes: [], warm: true }, view);
}
