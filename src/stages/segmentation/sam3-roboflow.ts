import * as z from "zod/mini";
import { LIMITS } from "../../../schemas/limits.ts";
import { listOf, RleMask, Score, type Size } from "../../../schemas/primitives.ts";
import { roboflowAdapter } from "../adapters/roboflow.ts";
import { cardPrice } from "../prices/model-prices.ts";
import { fillRings } from "../replies/fill-rings.ts";
import { assertFew, Counts, maskOfCoco } from "../replies/read-mask.ts";
import { readShape } from "../replies/read-shape.ts";
import { assignMasks } from "./assign-masks.ts";
import { wholePixels } from "./boxes.ts";

/** Maximum rings of a mask, and corners of a ring. Set by hand: an outline of a crowd has some hundreds of rings. */
const [MOST_RINGS, MOST_CORNERS] = [5_000, 50_000];

const Coco = z.object({ size: RleMask.shape.size, counts: Counts });
const Rings = listOf(listOf(z.tuple([z.number(), z.number()]), MOST_CORNERS), MOST_RINGS);
type Masks = z.infer<typeof Coco> | z.infer<typeof Rings>;

/** `Sam3SegmentationPrediction` of the vendor's server (roboflow/inference 0.64, core/entities/responses/sam3.py). */
const Predictions = listOf(
  z.object({ masks: z.union([Coco, Rings]), confidence: z.optional(z.nullable(z.number())) }),
  3 * LIMITS.stageBoxes,
);
/** The server answers with `predictions`; its published OpenAPI document has the older `prompt_results`. */
const Output = z.union([
  z.object({ predictions: Predictions }),
  z.object({ prompt_results: listOf(z.object({ predictions: Predictions }), LIMITS.stageBoxes) }),
]);

/** Seconds of processing, as every answer of the server has them. */
const Processed = z.object({ time: z.number().check(z.gte(0)) });
/** A call counts as at least so many seconds (docs.roboflow.com, "Serverless Hosted API", "Pricing"). */
const LEAST_SECONDS = 0.1;

/** Segment Anything 3 with box prompts, by Roboflow's service or a container of `roboflow/inference` of one's own. */
export const sam3Roboflow = roboflowAdapter("/sam3/visual_segment", {
  stage: "segmentation",
  names: ["sam3"],
  promptVersion: "1",
  batch: Number.POSITIVE_INFINITY,
  card: {
    title: "Segment Anything 3, as Roboflow serves it",
    ...cardPrice("roboflow/sam3"),
    returns: "the masks of all boxes in one call, with scores",
    cannot: "be told in words what is in a box",
  },
  ask: ({ image, boxes, size }) => ({
    image: pictureOf(image),
    prompts: {
      prompts: boxes.map(({ box }) => {
        const { xmin, ymin, xmax, ymax } = wholePixels(box, size);
        // The middle, and the sides (docs/reference/hosted-models.md, "Boxes").
        const [width, height] = [xmax - xmin, ymax - ymin];
        return { box: { x: xmin + width / 2, y: ymin + height / 2, width, height } };
      }),
    },
    format: "rle",
    // One mask a prompt, not three.
    multimask_output: false,
  }),
  usage(output) {
    const { time } = z.safeParse(Processed, output).data ?? {};
    return time === undefined ? {} : { seconds: Math.max(LEAST_SECONDS, time) };
  },
  read(output, { boxes, size }) {
    const answer = readShape(Output, output);
    const predictions =
      "predictions" in answer ? answer.predictions : answer.prompt_results.flatMap((result) => result.predictions);
    assertFew(predictions.flatMap(({ masks }) => ("counts" in masks ? [masks.counts] : [])));
    const found = predictions.map(({ masks, confidence }) => ({
      readings: [maskOf(masks, size)],
      score: z.safeParse(Score, confidence).data ?? null,
    }));
    return { masks: assignMasks(boxes, found, size, "sam3") };
  },
});

function pictureOf(image: string): { type: "url" | "base64"; value: string } {
  return image.startsWith("data:")
    ? { type: "base64", value: image.slice(image.indexOf(",") + 1) }
    : { type: "url", value: image };
}

/** A mask from COCO's RLE, or from rings in pixels of the picture. */
function maskOf(masks: Masks, size: Size): RleMask {
  if ("counts" in masks) return maskOfCoco(masks.size, masks.counts);
  return fillRings(
    masks.map((ring) => ring.flat()),
    size,
    "evenodd",
  );
}
