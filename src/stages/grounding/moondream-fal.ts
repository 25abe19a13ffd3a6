import { falAdapter } from "../adapters/fal.ts";
import { phraseOf } from "../adapters/phrase.ts";
import { MOONDREAM_FAL_PRICE } from "../families/moondream.ts";
import { readMoondreamBoxes } from "../families/moondream-boxes.ts";

/** The vendor's own client (@fal-ai/client 1.10.1, src/types/endpoints.d.ts). */
export const moondreamFal = falAdapter({
  stage: "grounding",
  names: ["fal-ai/moondream3-preview/detect"],
  promptVersion: "1",
  // Its boxes have no labels.
  batch: 1,
  card: {
    title: "Moondream 3 preview, detect, at fal",
    ...MOONDREAM_FAL_PRICE,
    returns: "every box that fits the phrase",
    cannot: "give a probability: scores are null",
  },
  ask: ({ image, entity }) => ({
    image_url: image,
    prompt: phraseOf(entity),
    // Else it draws the boxes on the picture as well.
    preview: false,
  }),
  read: (output, { entity, size }) => ({
    groundings: [{ id: entity.id, regions: readMoondreamBoxes(output, size) }],
  }),
});
