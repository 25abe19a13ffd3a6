import { clampBox } from "../../schemas/geometry.ts";
import { gmnerTypeOf } from "../../schemas/labels.ts";
import type { SegmentationInput, SegmentedMask } from "../../schemas/stages/segmentation.ts";
import { loadObjectDetector } from "../detect/objects.ts";
import { loadTextReader } from "../detect/text.ts";
import type { Picture, PictureStore } from "../pictures.ts";
import type { Pause } from "../queue.ts";
import type { StageFunction } from "../stage-function.ts";
import { type Detectors, loadEmbedded } from "./embedded.ts";
import { sameThings, visibleParts } from "./exclusive.ts";
import { createSam } from "./sam.ts";
import { loadSamWeights } from "./sam-weights.ts";
import type { Segmenter } from "./segment.ts";

/** Load Segment Anything when the environment names its weights, else the embedded segmenters. */
export async function loadSegmentation(
  pictures: PictureStore,
  env = process.env,
): Promise<StageFunction<"segmentation">> {
  const weights = await loadSamWeights(env);
  return createSegmentation(pictures, weights ? createSam(weights) : await loadEmbedded(await loadDetectors()));
}

/** The detectors, which the other stages share: each runs once per picture. */
async function loadDetectors(): Promise<Detectors> {
  const [objectDetector, textReader] = await Promise.all([loadObjectDetector(), loadTextReader()]);
  return { objects: async (picture) => (await objectDetector.detect(picture)).objects, text: textReader.detect };
}

/** The segmentation stage with any segmenter. */
export function createSegmentation(pictures: PictureStore, segmenter: Segmenter): StageFunction<"segmentation"> {
  const { model, version } = segmenter;
  return {
    name: "segmentation",
    model,
    version,
    run: async ({ image, boxes, warm }, context) => {
      const { pause } = context;
      const picture = await pictures.open(image, context);
      if (!warm) return { model, version, masks: await masksOf(segmenter, picture, boxes, pause) };
      await segmenter.warm(picture, pause, context.isAlone);
      return { model, version, masks: [] };
    },
  };
}

/**
 * The masks of all boxes, which share no pixel unless their boxes are of the same thing. A failure on a box costs its
 * mask alone.
 */
async function masksOf(
  segmenter: Segmenter,
  picture: Picture,
  requests: SegmentationInput["boxes"],
  pause: Pause,
): Promise<SegmentedMask[]> {
  const inside = requests.map(({ box }) => clampBox(box, picture));
  // A box of a thing that an earlier box shows as well gets the same mask; one outside the picture gets none.
  const firsts = sameThings(inside.map((box) => box ?? { xmin: 0, ymin: 0, xmax: 0, ymax: 0 }));
  const asked = requests.flatMap(({ type }, index) => {
    const box = inside[index];
    if (!box || firsts[index] !== index) return [];
    return [{ index, box, type: type === undefined ? undefined : gmnerTypeOf(type) }];
  });
  const outcomes = await segmenter.segment(picture, asked, pause).catch(async (error: unknown) => {
    // What stops the prediction stops it; any other failure is of all boxes.
    await pause();
    return asked.map(() => (error instanceof Error ? error : new Error(String(error))));
  });
  const found = asked.flatMap(({ index, box }, place) => {
    const outcome = outcomes[place];
    return outcome && !(outcome instanceof Error) ? [{ index, box, ...outcome }] : [];
  });
  const parts = visibleParts(found);
  return requests.map(({ id }, index) => {
    const none = { id, mask: null, score: null, method: null };
    const place = found.findIndex((segment) => segment.index === firsts[index]);
    const mask = parts[place];
    const segment = found[place];
    if (segment && mask) return { id, mask, score: segment.score, method: segment.method, reason: null };
    if (segment) return { ...none, reason: "hidden" };
    const failed = outcomes[asked.findIndex((one) => one.index === firsts[index])] instanceof Error;
    return { ...none, reason: failed ? "stage_failed" : "no_mask" };
  });
}
