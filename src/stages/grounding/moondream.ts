import { phraseOf } from "../adapters/phrase.ts";
import { workersAiAdapter } from "../adapters/workers-ai.ts";
import { askMoondream3, MOONDREAM_3, MOONDREAM_3_PRICE } from "../families/moondream.ts";
import { MAXIMUM_OBJECTS, readMoondreamBoxes } from "../families/moondream-boxes.ts";

/** Workers AI's catalogue (developers.cloudflare.com/workers-ai/models), November 2026. */
export const moondream = workersAiAdapter({
  stage: "grounding",
  ...MOONDREAM_3,
  promptVersion: "1",
  // Its boxes have no labels.
  batch: 1,
  card: {
    title: "Moondream 3.1, detect",
    ...MOONDREAM_3_PRICE,
    returns: "every box that fits the phrase",
    cannot: "give a probability: scores are null",
  },
  ask: ({ image, entity }) =>
    askMoondream3("detect", image, { target: phraseOf(entity), max_objects: MAXIMUM_OBJECTS }),
  read: (output, { entity, size }) => ({
    groundings: [{ id: entity.id, regions: readMoondreamBoxes(output, size) }],
  }),
});
