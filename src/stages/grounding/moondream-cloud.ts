import { moondreamAdapter } from "../adapters/moondream.ts";
import { phraseOf } from "../adapters/phrase.ts";
import { cloudSettings, MOONDREAM_CLOUD_PRICE } from "../families/moondream.ts";
import { MAXIMUM_OBJECTS, readMoondreamBoxes } from "../families/moondream-boxes.ts";

/** Moondream's own API (docs.moondream.ai/skills/detect, November 2026). */
export const moondreamCloud = moondreamAdapter({
  stage: "grounding",
  names: ["detect"],
  promptVersion: "1",
  // Its boxes have no labels.
  batch: 1,
  card: {
    title: "Moondream 3, detect, at Moondream",
    ...MOONDREAM_CLOUD_PRICE,
    returns: "every box that fits the phrase",
    cannot: "give a probability: scores are null",
  },
  ask: ({ image, entity }) => ({
    image_url: image,
    object: phraseOf(entity),
    settings: cloudSettings({ max_objects: MAXIMUM_OBJECTS }).settings,
  }),
  read: (output, { entity, size }) => ({
    groundings: [{ id: entity.id, regions: readMoondreamBoxes(output, size) }],
  }),
});
