import { createHash } from "node:crypto";
import type { EvaluatedPost } from "../../schemas/evaluation.ts";
import { LIMITS } from "../../schemas/limits.ts";
import type { Box } from "../../schemas/primitives.ts";
import { digestOf } from "../../scripts/batch/record.ts";
import { ofPost } from "../readers/evaluated-file.ts";
import { type AskedBox, boxesOf, boxInPicture, hasBoxes } from "./boxes.ts";
import { PostFailed } from "./failure.ts";
import type { Part } from "./part.ts";
import { readPictureFile } from "./read-picture.ts";
import type { BoxResult } from "./reply.ts";
import type { PictureFile, SegmentQuestion, SegmentService } from "./service.ts";

/** What became of the boxes of a post. */
export interface PostMasks {
  readonly id: string;
  /** `[height, width]` of the upright picture; null where it could not be read. */
  readonly size: readonly [height: number, width: number] | null;
  /** One for each box of `boxesOf`. */
  readonly results: readonly BoxResult[];
  /** Why the post could not be asked or answered; null when it was. */
  readonly failure: { readonly reason: "no_picture" | "broken_picture" | "failed"; readonly text: string } | null;
}

/** What asking for the masks of posts needs. */
export interface Segmenting {
  readonly posts: readonly EvaluatedPost[];
  /** The path of each post's picture, by the post's id. */
  readonly pictures: ReadonlyMap<string, string>;
  /** SHA-256 of the posts. */
  readonly input: string;
  readonly part: Part;
  readonly service: Pick<SegmentService, "ask">;
  /** Posts that are asked at a time. */
  readonly concurrency: number;
  /** Nano-dollars at which nothing more is asked; null without a limit. */
  readonly maxCost: number | null;
  /** Told after each post. */
  readonly progressed: (post: PostMasks) => void;
}

/**
 * Asks for the masks of all posts with boxes, but those that are answered in the part.
 *
 * @returns what became of each post, by id; of fewer posts when the limit of cost ended it
 * @throws the error that no request would escape (`SegmentService.ask`), after the requests that run have ended
 */
export async function segmentPosts(segmenting: Segmenting): Promise<Map<string, PostMasks>> {
  const { part, maxCost, concurrency, progressed } = segmenting;
  const done = new Map<string, PostMasks>();
  const isAnswered = (post?: EvaluatedPost) => post !== undefined && part.posts.has(post.id);
  // What is answered costs nothing, and comes first.
  const waiting = segmenting.posts.filter(hasBoxes).toSorted((a, b) => Number(isAnswered(b)) - Number(isAnswered(a)));
  let isEnded = false;
  const work = async () => {
    for (let post = next(); post; post = next()) {
      try {
        const masks = await segmentPost(post, segmenting);
        done.set(post.id, masks);
        progressed(masks);
      } catch (error) {
        isEnded = true;
        throw error;
      }
    }
  };
  const isOver = () => maxCost !== null && part.cost >= maxCost && !isAnswered(waiting[0]);
  const next = () => (isEnded || isOver() ? undefined : waiting.shift());
  const ends = await Promise.allSettled(Array.from({ length: concurrency }, work));
  const broken = ends.find((end) => end.status === "rejected");
  if (broken) throw broken.reason;
  return done;
}

async function segmentPost(post: EvaluatedPost, segmenting: Segmenting): Promise<PostMasks> {
  const { asked } = boxesOf(post);
  const answered = segmenting.part.posts.get(post.id);
  if (answered) return { ...answered, failure: null };
  const failed = (reason: "no_picture" | "broken_picture" | "failed", text: string): PostMasks => {
    return { id: post.id, size: null, results: asked.map(() => ({ reason })), failure: { reason, text } };
  };
  const path = ofPost(segmenting.pictures, post.id);
  if (path === undefined) return failed("no_picture", "has no picture");
  const picture = await readPictureFile(path);
  if (!picture) return failed("broken_picture", `${path} is no picture, or is cut off`);
  try {
    return { ...(await askAll(post.id, picture, asked, segmenting)), failure: null };
  } catch (error) {
    if (!(error instanceof PostFailed)) throw error;
    const { width, height } = picture.size;
    return { ...failed("failed", error.message), size: [height, width] };
  }
}

/** Asks about all boxes of a picture that can be asked about, and writes what was answered into the part. */
async function askAll(id: string, picture: PictureFile, asked: readonly AskedBox[], segmenting: Segmenting) {
  const { part, service } = segmenting;
  const places = asked.map(({ box }) => boxInPicture(box, picture.size));
  const inside = asked.flatMap(({ type }, index) => {
    const box = places[index] as Box | string;
    // A longer type is refused, and none is needed.
    return typeof box === "string" ? [] : [{ box, type: type.length <= LIMITS.typeLength ? type : null }];
  });
  const answers: BoxResult[] = [];
  let cost = 0;
  for (let first = 0; first < inside.length; first += LIMITS.boxes) {
    const boxes = inside.slice(first, first + LIMITS.boxes);
    const reply = await service.ask({ picture, boxes, name: nameOf(id, picture, boxes, segmenting.input) });
    answers.push(...reply.results);
    cost += reply.cost;
  }
  const results = places.map((box): BoxResult => {
    return typeof box === "string" ? { reason: box } : (answers.shift() as BoxResult);
  });
  const { width, height } = picture.size;
  const post = { id, size: [height, width] as [number, number], results };
  if (inside.length > 0) part.add(post, cost);
  return post;
}

/**
 * The `Idempotency-Key` of a request: the same for the same boxes of the same picture of the same input, so that a
 * request whose answer was lost is not paid twice.
 */
function nameOf(id: string, { bytes }: PictureFile, boxes: SegmentQuestion["boxes"], input: string): string {
  const picture = createHash("sha256").update(bytes).digest("hex");
  return digestOf(JSON.stringify([input, id, picture, boxes]));
}
