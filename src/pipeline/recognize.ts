import type { RecognizeAnswer } from "../../schemas/recognize.ts";
import type { PictureRef } from "../stages/picture-ref.ts";
import type { Expression } from "./events.ts";
import { entitiesOf, envelopeOf, foldEvents } from "./fold.ts";
import { captionPicture } from "./picture/caption.ts";
import { findInPicture } from "./picture/find-in-picture.ts";
import { segment } from "./picture/segment.ts";
import { uprightPicture } from "./picture/upright.ts";
import type { Post } from "./post.ts";
import type { Run } from "./run.ts";
import { expand } from "./text/expand.ts";
import { findEntities } from "./text/find-entities.ts";

/**
 * Find everything that the post asks for; what does not wait for another stage runs beside it. What is found is in the
 * run's events, which `recognizeAnswer` makes an answer of.
 *
 * @returns the picture as models were given it; null when none needed it
 * @throws ProblemError when there is nothing to answer: no mentions, or a picture that turns out to be broken
 */
export async function recognize(post: Post, run: Run): Promise<PictureRef | null> {
  const wanted = post.task === "mner" ? null : post.picture;
  const preparing = wanted ? uprightPicture(wanted, run) : Promise.resolve(null);
  const warming = post.task === "smner" ? warmSegmentation(preparing, run) : Promise.resolve();
  const captioning = captionPicture(preparing, run);
  // Each is awaited where it is needed; until then a rejection must not count as unhandled.
  Promise.allSettled([preparing, warming, captioning]);

  const named = { ...post, maxEntities: post.max_entities, mentionThreshold: post.thresholds.mention };
  const entities = await findEntities(named, run, () => preparing);
  const caption = entities.length > 0 ? await captioning : null;
  const expressions =
    post.task === "mner" ? new Map<string, Expression>() : await expandPost(post, entities, caption, run);

  const picture = entities.length > 0 ? await preparing : null;
  const regions = await findInPicture(post, { entities, expressions, caption }, picture, run);
  if (post.task === "smner" && post.picture && picture && regions.length > 0) {
    await warming;
    await segment(regions, picture, post.picture.size, post.masks, run);
  }
  return picture;
}

/** The answer to a post: a fold over what the run found. */
export function recognizeAnswer(
  { offset_encoding, picture }: Pick<Post, "offset_encoding" | "picture">,
  run: Run,
): Omit<RecognizeAnswer, "overlay_url"> {
  const findings = foldEvents(run.events);
  return {
    ...envelopeOf(run.id, findings),
    offset_encoding,
    image: picture && { ...picture.size, sha256: picture.sha256 },
    entities: entitiesOf(findings),
  };
}

function expandPost(post: Post, entities: Parameters<typeof expand>[0], caption: string | null, run: Run) {
  // A caption differs from call to call, so the cache key has the model that wrote it in place of its words.
  const background = caption === null ? null : (run.stages.chain("caption")[0]?.entry ?? null);
  return expand(entities, { text: post.text, caption, background, picture: post.picture?.sha256 ?? null }, run);
}

/** One call in flight a picture: the boxes wait until the picture is prepared, which they would have to anyway. */
async function warmSegmentation(preparing: Promise<PictureRef | null>, run: Run): Promise<void> {
  const picture = await preparing;
  if (picture) await run.stages.prepare("segmentation", { boxes: [], warm: true }, picture);
}
