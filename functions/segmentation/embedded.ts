import type { Picture } from "../pictures.ts";
import { weightsEntry } from "../weights.ts";
import { chooseMethod, type Detections } from "./choose.ts";
import { GrabCut, segmentByColour } from "./grabcut.ts";
import { fitsBox } from "./mask.ts";
import { loadPersonSegmenter } from "./person.ts";
import type { Plane } from "./plane.ts";
import type { Segmenter } from "./segment.ts";
import { segmentText } from "./text.ts";
import { loadVocSegmenter } from "./voc.ts";

/** What the detectors say of a picture; `textMap` is the probability of text over the whole of it. */
export type Detect = (picture: Picture) => Promise<Detections & { readonly textMap: Plane<Float32Array> }>;

/**
 * The segmenter that needs no Segment Anything: one method for people, one for VOC's classes, one for text, colours for
 * the rest.
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
    warm: async (picture) => {
      await detect(picture);
    },
    segment: async (picture, box, type) => {
      const detections = await detect(picture);
      const choice = chooseMethod(box, type, detections);
      const found =
        choice.by === "person"
          ? await segmentPerson(picture, box)
          : choice.by === "class"
            ? await segmentClass(picture, box, choice.vocClass)
            : choice.by === "text"
              ? segmentText(detections.textMap, picture, box)
              : null;
      // Where the method finds nothing of the box's shape (a person from behind, a cat too small for DeepLab), colours
      // are tried.
      return found && fitsBox(found.mask, box) ? found : await segmentByColour(grabCut, picture, box);
    },
  };
}
