import * as z from "zod/mini";
import { listOf } from "../../../schemas/primitives.ts";
import { huggingFaceAdapter, huggingFacePrice } from "../adapters/huggingface.ts";
import { phraseOf } from "../adapters/phrase.ts";
import { MOST_DETECTIONS } from "../replies/best-regions.ts";
import { CONVENTIONS, readBox } from "../replies/coordinates.ts";
import { readShape } from "../replies/read-shape.ts";
import { groundingsOf, Label, labelsOf, phrasesOf } from "../replies/zero-shot-labels.ts";

/** The output of `@huggingface/tasks`, zero-shot-object-detection. */
const Output = listOf(
  z.object({
    label: Label,
    score: z.number(),
    box: z.object({ xmin: z.number(), ymin: z.number(), xmax: z.number(), ymax: z.number() }),
  }),
  MOST_DETECTIONS,
);

/**
 * Any open-vocabulary detector of the task, such as google/owlv2-base-patch16-ensemble or
 * IDEA-Research/grounding-dino-base.
 */
export const zeroShotDetection = huggingFaceAdapter({
  stage: "grounding",
  promptVersion: "1",
  // Its pipeline runs once for each label.
  batch: 8,
  card: {
    title: "any zero-shot object detector, such as google/owlv2-base-patch16-ensemble",
    ...huggingFacePrice,
    returns: "boxes with the detector's confidence",
    cannot: "match relations; OWL models fail on more than 16 tokens",
    picture: "data",
  },
  async ask({ entities, size }, host) {
    const phrases = phrasesOf(entities, (entity) => phraseOf(entity));
    // The official client has no method for this task.
    const reply = await host.post({ inputs: host.base64(), parameters: { candidate_labels: labelsOf(phrases) } });
    const found = readShape(Output, reply).map(({ label, score, box: { xmin, ymin, xmax, ymax } }) => ({
      label,
      box: readBox([xmin, ymin, xmax, ymax], CONVENTIONS["huggingface-detection"], size),
      score,
    }));
    return groundingsOf(phrases, found, "zero-shot-detection");
  },
});
