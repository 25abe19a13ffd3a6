import * as z from "zod/mini";
import { LIMITS } from "../../../schemas/limits.ts";
import { listOf } from "../../../schemas/primitives.ts";
import { phraseOf } from "../adapters/phrase.ts";
import { workersAiAdapter } from "../adapters/workers-ai.ts";
import { askMoondream3, MOONDREAM_3, MOONDREAM_3_PRICE } from "../families/moondream.ts";
import { StageError } from "../model.ts";
import { CONVENTIONS, countsAs, readBox } from "../replies/coordinates.ts";
import { readShape } from "../replies/read-shape.ts";

/** Workers AI's catalogue (developers.cloudflare.com/workers-ai/models), November 2026. */
const Output = z.object({
  objects: listOf(
    z.object({ x_min: z.number(), y_min: z.number(), x_max: z.number(), y_max: z.number() }),
    LIMITS.entityRegions,
  ),
});

/** 86 % of the entities with several boxes have at most four (docs/reference/method.md, "Data"). */
const MAXIMUM_OBJECTS = 20;
/**
 * How far outside the picture a box may reach, as a share of its sides. The model computes corners from a rounded
 * centre and size and does not clamp them (vikhyat/moondream, `_generate_points`). A box further outside is in other
 * units.
 */
const SLACK = 0.05;

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
  read(output, { entity, size }) {
    const convention = CONVENTIONS.moondream;
    const regions = readShape(Output, output).objects.flatMap(({ x_min, y_min, x_max, y_max }) => {
      const numbers = [x_min, y_min, x_max, y_max] as const;
      if (!countsAs(numbers, convention, size, SLACK))
        throw new StageError("invalid_output", "answered with boxes that are not shares of the picture");
      const box = readBox(numbers, convention, size);
      return box ? [{ box, score: null, method: "moondream-detect" }] : [];
    });
    return { groundings: [{ id: entity.id, regions }] };
  },
});
