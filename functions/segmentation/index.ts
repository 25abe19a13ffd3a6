import { clampBox } from "../../schemas/geometry.ts";
import { gmnerTypeOf } from "../../schemas/labels.ts";
import type { SegmentationInput, SegmentedMask } from "../../schemas/stages/segmentation.ts";
import { loadObjectDetector } from "../detect/objects.ts";
import { loadTextReader } from "../detect/text.ts";
import type { Picture, PictureStore } from "../pictures.ts";
import type { Pause } from "../queue.ts";
import type { StageFunction } from "../stage-function.ts";
import { type Detect, loadEmbedded } from "./embedded.ts";
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
async function loadDetectors(): Promise<Detect> {
  const [objectDetector, textReader] = await Promise.all([loadObjectDetector(), loadTextReader()]);
  return async (picture, pause) => {
    const [{ objects }, text] = await Promise.all([objectDetector.detect(picture), textReader.detect(picture, pause)]);
    return { objects, lines: text.lines, textMap: text.map };
  };
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
      const masks: SegmentedMask[] = [];
      if (warm) await segmenter.warm(picture, pause);
      else {
        for (const request of boxes) {
          await pause();
          masks.push(await maskOf(segmenter, picture, request, pause));
        }
      }
      return { model, version, masks };
    },
  };
}

/** The mask of one box. A failure costs this mask alone. */
async function maskOf(
  segmenter: Segmenter,
  picture: Picture,
  request: SegmentationInput["boxes"][number],
  pause: Pause,
): Promise<SegmentedMask> {
  const { id, type } = request;
  const none = { id, mask: null, score: null, method: null };
  const box = clampBox(request.box, picture);
  if (!box) return { ...none, reason: "no_mask" };
  try {
    const segment = await segmenter.segment(picture, box, type === undefined ? undefined : gmnerTypeOf(type), pause);
    return segment ? { id, ...segment, reason: null } : { ...none, reason: "no_mask" };
  } catch {
    return { ...none, reason: "stage_failed" };
  }
}
