import * as z from "zod/mini";
import { base64Of } from "../../image/data-url.ts";
import { huggingFaceAdapter, huggingFacePrice } from "../adapters/huggingface.ts";
import { phraseOf } from "../adapters/phrase.ts";
import { StageError } from "../model.ts";
import { CONVENTIONS, readBox } from "../replies/coordinates.ts";
import { readShape } from "../replies/read-shape.ts";
import { groundingsOf, labelsOf, phrasesOf } from "../replies/zero-shot-labels.ts";
import { sizeOf } from "../stage-adapter.ts";

/** `@huggingface/tasks`, zero-shot-object-detection, output (hosted-apis sections 2.3 and 2.5). */
const Output = z.array(
  z.object({
    label: z.string(),
    score: z.number(),
    box: z.object({ xmin: z.number(), ymin: z.number(), xmax: z.number(), ymax: z.number() }),
  }),
);

/**
 * Any open-vocabulary detector of the task, such as google/owlv2-base-patch16-ensemble or
 * IDEA-Research/grounding-dino-base.
 */
export const zeroShotDetection = huggingFaceAdapter({
  stage: "grounding",
  promptVersion: "1",
  // Its pipeline looks for one label after the other.
  batch: 8,
  card: {
    title: "any zero-shot object detector, such as google/owlv2-base-patch16-ensemble",
    ...huggingFacePrice,
    returns: "boxes with the detector's confidence",
    cannot: "match relations; OWL models fail on more than 16 tokens",
  },
  async ask(input, host) {
    const inputs = base64Of(input.image);
    if (!inputs) throw new StageError("rejected", "must be given the picture itself");
    const phrases = phrasesOf(input.entities, (entity) => phraseOf(entity));
    // The vendor's client has no method for the task (hosted-apis section 2.3).
    const reply = await host.post({ inputs, parameters: { candidate_labels: labelsOf(phrases) } });
    const found = readShape(Output, reply).map(({ label, score, box: { xmin, ymin, xmax, ymax } }) => ({
      label,
      box: readBox([xmin, ymin, xmax, ymax], CONVENTIONS["huggingface-detection"], sizeOf(input)),
      score,
    }));
    return groundingsOf(phrases, found, "zero-shot-detection");
  },
});
