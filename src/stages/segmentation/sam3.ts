import * as z from "zod/mini";
import { LIMITS } from "../../../schemas/limits.ts";
import { listOf, type Size } from "../../../schemas/primitives.ts";
import { type ReadContext, replicateAdapter, replicatePrice } from "../adapters/replicate.ts";
import { type StageAdapter, StageError } from "../model.ts";
import { assertFew, Counts, maskOfCoco, readingsOfStarts } from "../replies/read-mask.ts";
import { readShape } from "../replies/read-shape.ts";
import { assignMasks, type FoundMask } from "./assign-masks.ts";

const natural = z.int().check(z.gte(0));
const side = z.int().check(z.gte(1));
/** COCO's form, which holds its size. */
const Coco = z.object({ size: z.tuple([side, side]), counts: Counts });
/** Longest text of numbers: each has at most eight digits and a comma. */
const LONGEST_TEXT = 9 * LIMITS.maskCounts;
/** Pairs of start and length, as numbers or as a text of numbers, without a size. */
const Starts = z.union([
  listOf(natural, LIMITS.maskCounts).check(z.minLength(2)),
  z.string().check(z.maxLength(LONGEST_TEXT, { abort: true }), z.regex(/^[\d\s,]+$/)),
]);
const score = z.optional(z.nullable(z.number()));
const Mask = z.union([z.extend(Coco, { score }), Starts, z.object({ rle: z.union([Coco, Starts]), score })]);
type Mask = z.infer<typeof Mask>;

const base = replicateAdapter({
  stage: "segmentation",
  name: "zf-kbot/md-me-sam3",
  version: null,
  promptVersion: "1",
  batch: Number.POSITIVE_INFINITY,
  inputs: ["image", "prompt_type", "boxes", "output_format"],
  card: {
    title: "Segment Anything 3, as published by zf-kbot; pin a version: replicate/zf-kbot/md-me-sam3@VERSION",
    ...replicatePrice,
    returns: "the masks of all boxes in one call",
    cannot:
      "be relied on to segment this very object: it may find others of its kind, which are dropped where they fit no box. The form of its RLE is not published",
  },
  ask: ({ image, boxes }) => ({
    image,
    prompt_type: "box",
    boxes: JSON.stringify(boxes.map(({ box: { xmin, ymin, xmax, ymax } }) => [xmin, ymin, xmax, ymax])),
    output_format: "rle",
  }),
  async read(output, { boxes, size }, context) {
    const masks = readShape(listOf(Mask, LIMITS.stageBoxes), masksIn(await contentOf(output, context)));
    assertFew(masks.map(runsOf));
    const found = masks.map((mask) => foundMask(mask, size));
    return { masks: assignMasks(boxes, found, size, "sam3") };
  },
});

/** The entry must pin a version: none is known here, and only official models are called by their name alone. */
export const sam3: StageAdapter<"segmentation"> = {
  ...base,
  create(address, runtime) {
    if (address.version === null)
      throw new Error(`must pin a version: ${address.entry}@ and the hash that the model's page shows`);
    return base.create(address, runtime);
  },
};

/** The output itself, or the JSON of a text or a file. Throws a `StageError`. */
async function contentOf(output: unknown, { download }: ReadContext): Promise<unknown> {
  const only = Array.isArray(output) && output.length === 1 ? output[0] : output;
  if (typeof only !== "string") return output;
  const text = /^(?:https|data):/.test(only) ? new TextDecoder().decode(await download(only)) : only;
  try {
    return JSON.parse(text);
  } catch {
    return text.trim();
  }
}

/**
 * One mask or a list of them, inside an object or bare: the output of `output_format: "rle"` is not published
 * (docs/reference/hosted-models.md, "Masks").
 */
function masksIn(content: unknown): unknown {
  const { masks, rle } = (typeof content === "object" && content !== null ? content : {}) as {
    masks?: unknown;
    rle?: unknown;
  };
  const isList = (value: unknown): value is unknown[] => Array.isArray(value) && typeof value[0] !== "number";
  return masks ?? [content, rle].find(isList) ?? [content];
}

/** A mask's run lengths, in any form. */
function runsOf(mask: Mask): { readonly length: number } {
  if (typeof mask === "string" || Array.isArray(mask)) return mask;
  const rle = "rle" in mask ? mask.rle : mask;
  return typeof rle === "object" && "counts" in rle ? rle.counts : rle;
}

function foundMask(mask: Mask, size: Size): FoundMask {
  if (typeof mask === "string" || Array.isArray(mask)) return { readings: readStarts(mask, size), score: null };
  const score = typeof mask.score === "number" && mask.score >= 0 && mask.score <= 1 ? mask.score : null;
  if ("counts" in mask) return { readings: [maskOfCoco(mask.size, mask.counts)], score };
  const { rle } = mask;
  return {
    readings: typeof rle === "object" && "counts" in rle ? [maskOfCoco(rle.size, rle.counts)] : readStarts(rle, size),
    score,
  };
}

/** Throws a `StageError` for numbers that may be COCO's counts instead: those fill the picture. */
function readStarts(starts: string | readonly number[], size: Size) {
  const numbers = typeof starts === "string" ? (starts.match(/\d+/g) ?? []).map(Number) : starts;
  const sum = numbers.reduce((a, b) => a + b, 0);
  if (numbers.length === 0 || sum === size.width * size.height) {
    throw new StageError("invalid_output", "answered with an RLE of unknown form");
  }
  return readingsOfStarts(numbers, size);
}
