import type * as z from "zod/mini";
import { toNanoDollars } from "../../schemas/money.ts";
import type { PaidOperation } from "../../schemas/prices.ts";
import { type RecognizeAnswer, RecognizeRequest, type Uncharged } from "../../schemas/recognize.ts";
import {
  EntailRequest,
  ExpandRequest,
  GroundRequest,
  MnerRequest,
  SegmentRequest,
} from "../../schemas/stage-routes.ts";
import { keepOverlay } from "../pipeline/picture/keep-overlay.ts";
import { entailEntities, groundPhrases, segmentBoxes } from "../pipeline/picture/picture-operations.ts";
import type { Picture } from "../pipeline/picture/read-picture.ts";
import type { Post } from "../pipeline/post.ts";
import { recognize, recognizeAnswer } from "../pipeline/recognize.ts";
import type { Run } from "../pipeline/run.ts";
import { expandEntities, findMentions } from "../pipeline/text/text-operations.ts";
import { boxesInPicture } from "./boxes.ts";
import { soughtEntities, withIds } from "./ids.ts";
import { postOf, wordsOf } from "./read-post.ts";
import type { CheckedRequest } from "./read-request.ts";
import { inTokens } from "./read-spans.ts";
import { requirePicture } from "./require-picture.ts";

/** An operation that is paid: what it is asked, and how a run answers it. */
export interface RunOperation {
  readonly schema: z.ZodMiniType;
  /** Checks what the schema cannot. Throws a `ProblemError` that names every wrong field. */
  check(fields: unknown): void;
  /** The answer without what it cost. Throws a `ProblemError`. */
  answer(run: Run, request: CheckedRequest<unknown>): Promise<object>;
}

const entitiesWithIds = ({ entities }: z.infer<typeof ExpandRequest>) => withIds(entities, "entities", "e");
const soughtIn = ({ entities }: Pick<z.infer<typeof EntailRequest>, "entities">) => soughtEntities(entities);
const boxIds = ({ boxes }: z.infer<typeof SegmentRequest>) => withIds(boxes, "boxes", "r");

/** The operations that runs answer, for routes and for jobs. */
export const OPERATIONS: Readonly<Record<PaidOperation, RunOperation>> = {
  /** The entities of a post. */
  recognize: operation(
    RecognizeRequest,
    (fields) => postOf(fields, null),
    (run, { fields, picture }) => answerPost(postOf(fields, picture), picture, run),
  ),
  /** The mentions of a text. */
  mner: operation(MnerRequest, wordsOf, async (run, { fields, picture }) => {
    const { labels, thresholds, offset_encoding: encoding } = fields;
    const question = { ...wordsOf(fields), labels, mentionThreshold: thresholds.mention };
    if (encoding !== "token") return findMentions({ ...question, offsetEncoding: encoding }, picture, run);
    const answer = await findMentions({ ...question, offsetEncoding: "utf-16" }, picture, run);
    return { ...answer, offset_encoding: encoding, mentions: answer.mentions.map(inTokens) };
  }),
  /** A referring expression for each entity of a post, for the models that see the picture. */
  expand: operation(ExpandRequest, entitiesWithIds, async (run, { fields }) => {
    return expandEntities(entitiesWithIds(fields), wordsOf(fields).text, fields.caption ?? null, run);
  }),
  /** Whether the picture shows each entity. */
  entail: operation(EntailRequest, soughtIn, async (run, { fields, picture }) => {
    const { caption = null, text = null, thresholds } = fields;
    const options = { caption, text, threshold: thresholds.visible };
    return entailEntities(soughtIn(fields), options, requirePicture(picture), run);
  }),
  /** The boxes of each entity, or of what its expression describes, in the picture. */
  ground: operation(GroundRequest, soughtIn, async (run, { fields, picture }) => {
    const { text = null, thresholds } = fields;
    return groundPhrases(soughtIn(fields), text, thresholds.region, requirePicture(picture), run);
  }),
  /** A mask for each box, whatever model found it. */
  segment: operation(SegmentRequest, boxIds, async (run, { fields, picture: requestPicture }) => {
    const picture = requirePicture(requestPicture);
    return segmentBoxes(boxesInPicture(fields.boxes, picture.size), fields.masks, picture, run);
  }),
};

/** The answer to a post, with the link to its overlay. */
async function answerPost(post: Post, picture: Picture | null, run: Run): Promise<Uncharged<RecognizeAnswer>> {
  const overlay = picture && keepOverlay(picture, run);
  await recognize(post, run);
  const answer = recognizeAnswer(post, run);
  return { ...answer, overlay_url: overlay && (await overlay.link(answer)) };
}

function operation<Schema extends z.ZodMiniType>(
  schema: Schema,
  check: (fields: z.infer<Schema>) => unknown,
  answer: (run: Run, request: CheckedRequest<z.infer<Schema>>) => Promise<object>,
): RunOperation {
  return {
    schema,
    check: (fields) => void check(fields as z.infer<Schema>),
    answer: (run, request) => answer(run, request as CheckedRequest<z.infer<Schema>>),
  };
}

/** The most that a request's models may cost, in nano-dollars; null without a limit. */
export function maximumCostOf(fields: unknown): number | null {
  const { max_cost_usd } = fields as Pick<RecognizeRequest, "max_cost_usd">;
  return max_cost_usd === undefined ? null : toNanoDollars(max_cost_usd);
}
