import type { RecognizeAnswer } from "../../schemas/recognize.ts";
import type { StageName } from "../../schemas/stages/index.ts";
import type { PictureRef } from "../stages/picture-ref.ts";
import { entitiesOf, envelopeOf, foldEvents } from "./fold.ts";
import { captionPicture } from "./picture/caption.ts";
import { type Search, type SearchOptions, searchPicture } from "./picture/find-in-picture.ts";
import { leaveUnjudged } from "./picture/leave-unjudged.ts";
import { startSegmentation } from "./picture/segment.ts";
import { uprightPicture } from "./picture/upright.ts";
import type { Post } from "./post.ts";
import type { Run } from "./run.ts";
import { expand } from "./text/expand.ts";
import { findEntities } from "./text/find-entities.ts";
import { gatherKnowledge } from "./text/gather-knowledge.ts";

/**
 * Runs every stage that the post's task needs, in parallel where no stage needs another's result. Findings are emitted
 * as events; `recognizeAnswer` folds them into the answer.
 *
 * @returns the picture that models saw; null when no stage needed one
 * @throws ProblemError when mention recognition fails, or the models have no room for the post
 */
export async function recognize(post: Post, run: Run): Promise<PictureRef | null> {
  await run.stages.admit(stagesOf(post), post.picture !== null && post.task !== "mner");
  const preparing = post.picture && post.task !== "mner" ? uprightPicture(post.picture, run) : Promise.resolve(null);
  const warming = post.task === "smner" ? warmSegmentation(preparing, run) : Promise.resolve();
  const captioning = captionPicture(preparing, post.task === "mner" ? null : post.picture, run);
  // Each is awaited where it is needed. Until then, its rejection must not be reported as unhandled.
  Promise.allSettled([preparing, warming, captioning]);

  const query = { ...post, maxEntities: post.max_entities, mentionThreshold: post.thresholds.mention };
  const entities = await findEntities(
    query,
    run,
    () => preparing,
    () => gatherKnowledge(post.text, () => captioning, run),
  );
  if (entities.length === 0) return null;
  const caption = await captioning;
  if (post.task === "mner" || !post.picture) {
    leaveUnjudged(entities, post, run);
    if (post.task !== "mner") await expandPost(post, entities, caption, run);
    return null;
  }
  const searching = preparing.then(
    (picture) => picture && findEach(post, entities, { caption, picture, warming }, run),
  );
  // It is awaited below; until then, its rejection must not be reported as unhandled.
  searching.catch(() => undefined);
  const seek: Parameters<typeof expandPost>[4] = async (settled, expressions) => {
    const search = await searching;
    for (const { id, text, type } of settled) {
      const expression = expressions.get(id)?.text;
      search?.add(expression === undefined ? { id, text, type } : { id, text, type, expression });
    }
  };
  const [picture] = await Promise.all([preparing, expandPost(post, entities, caption, run, seek)]);
  if (!picture) leaveUnjudged(entities, post, run);
  await (await searching)?.done;
  return picture;
}

interface Sight {
  /** A description of the picture; null when there is none. */
  readonly caption: string | null;
  readonly picture: PictureRef;
  readonly warming: Promise<void>;
}

/** Seeks entities as their expressions become known, and segments their boxes as they are found. */
function findEach(post: Post, entities: readonly unknown[], { caption, picture, warming }: Sight, run: Run): Search {
  const size = post.picture?.size ?? picture.size;
  const contributions = entities.length;
  const segmentation =
    post.task === "smner" ? startSegmentation({ contributions, picture, size, form: post.masks, warming }, run) : null;
  const found: SearchOptions["found"] = (regions, sought) => {
    const boxes = regions.map(({ region: { id, box }, type, expression, modelBox }) => {
      return { id, type, expression, box, modelBox };
    });
    segmentation?.add(boxes, sought);
  };
  const search = searchPicture({ post, entities: contributions, caption, picture, size, found }, run);
  return { ...search, done: search.done.then(() => segmentation?.done) };
}

/** The stages that a post may need, for their hosts to admit it. */
function stagesOf({ task, picture, mentions }: Post): StageName[] {
  const ofText: StageName[] = [
    ...(mentions ? [] : ["mner" as const]),
    ...(task === "mner" ? [] : ["expansion" as const]),
  ];
  if (!picture || task === "mner") return ofText;
  return [...ofText, "entailment", "grounding", ...(task === "smner" ? ["segmentation" as const] : [])];
}

/** The answer to a post: a fold over what the run found. */
export function recognizeAnswer(
  { offset_encoding, picture }: Pick<Post, "offset_encoding" | "picture">,
  run: Run,
): Omit<RecognizeAnswer, "overlay_url" | "charge"> {
  const findings = foldEvents(run.finish());
  return {
    ...envelopeOf(run.id, findings),
    offset_encoding,
    image: picture && { ...picture.size, sha256: picture.sha256 },
    entities: entitiesOf(findings),
  };
}

function expandPost(
  post: Post,
  entities: Parameters<typeof expand>[0],
  caption: string | null,
  run: Run,
  settled?: Parameters<typeof expand>[3],
) {
  // A model's caption differs from call to call, so the cache key contains the model's entry instead of the caption.
  const background = caption === null ? null : (run.stages.chain("caption")[0]?.entry ?? null);
  return expand(
    entities,
    { text: post.text, caption, background, picture: post.picture?.sha256 ?? null },
    run,
    settled,
  );
}

/**
 * Has the segmentation model compute the picture's features before the boxes are known. The call with the boxes waits
 * for this one, as it would have to wait for the features.
 */
async function warmSegmentation(preparing: Promise<PictureRef | null>, run: Run): Promise<void> {
  const picture = await preparing;
  if (picture) await run.stages.prepare("segmentation", { boxes: [], warm: true }, picture);
}
