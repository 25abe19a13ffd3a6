import type { Picture } from "../pictures.ts";
import type { Pause } from "../queue.ts";
import { weightsEntry } from "../weights.ts";
import { chooseMethod, type Detections } from "./choose.ts";
import { GrabCut, segmentByColour } from "./grabcut.ts";
import { fitsBox } from "./mask.ts";
import { loadPersonSegmenter } from "./person.ts";
import type { Plane } from "./plane.ts";
import type { Segmenter } from "./segment.ts";
import { segmentText } from "./text.ts";
import { loadVocSegmenter } from "./voc.ts";

/** The detections in a picture; `textMap` is the probability of text over the whole picture. */
export type Detect = (
  picture: Picture,
  pause?: Pause,
) => Promise<Detections & { readonly textMap: Plane<Float32Array> }>;

/**
 * Load the segmenter without Segment Anything: one model for people, one for PASCAL VOC's classes, the text detector
 * for text, and GrabCut for everything else.
 */
export async function loadEmbedded(detect: Detect, grabCut = new GrabCut()): Promise<Segmenter> {
  const [segmentPerson, segmentClass] = await Promise.all([
    loadPersonSegmenter(grabCut),
    loadVocSegmenter(),
    grabCut.start(),
  ]);
  const weights = ["selfie.onnx", "deeplab.onnx"].map(weightsEntry);
  return {
    model: [...weights.map(({ method }) => method), "grabcut"].join("+"),
    version: weights.map(({ version }) => version).join("+"),
    warm: async (picture, pause) => {
      await detect(picture, pause);
    },
    segment: async (picture, box, type, pause) => {
      const detections = await detect(picture, pause);
      const choice = chooseMethod(box, type, detections);
      const found =
        choice.by === "person"
          ? await segmentPerson(picture, box)
          : choice.by === "class"
            ? await segmentClass(picture, box, choice.vocClass)
            : choice.by === "text"
              ? segmentText(detections.textMap, picture, box)
              : null;
      // GrabCut also cuts what the chosen model does not find: a person from behind, a cat too small for DeepLab.
      return found && fitsBox(found.mask, box) ? found : await segmentByColour(grabCut, picture, box);
    },
  };
}
