import * as z from "zod/mini";
import { phraseOf } from "../adapters/phrase.ts";
import { workersAiAdapter } from "../adapters/workers-ai.ts";
import { askMoondream3, MOONDREAM_3, MOONDREAM_3_PRICE } from "../families/moondream.ts";
import { StageError } from "../model.ts";
import { CONVENTIONS, countsAs, readBox } from "../replies/coordinates.ts";
import { readShape } from "../replies/read-shape.ts";
import { sizeOf } from "../stage-adapter.ts";

/** hosted-apis section 3.2. */
const Output = z.object({
  objects: z.array(z.object({ x_min: z.number(), y_min: z.number(), x_max: z.number(), y_max: z.number() })),
});

/** Nine in ten entities that have several boxes have five at most (reference: riveg, section 3.1). */
const MAXIMUM_OBJECTS = 20;
/**
 * It computes corners from a centre and a size, each rounded to a bin of its own, and cuts nothing off
 * (vikhyat/moondream, `_generate_points`): what the frame cuts may reach out of it by a little. By more, it was not
 * counted in shares of the picture.
 */
const SLACK = 0.05;

export const moondream = workersAiAdapter({
  stage: "grounding",
  ...MOONDREAM_3,
  promptVersion: "1",
  // Its boxes bear no names.
  batch: 1,
  card: {
    title: "Moondream 3.1, detect",
    ...MOONDREAM_3_PRICE,
    returns: "boxes, as many as fit the phrase",
    cannot: "say how sure it is: scores are null",
  },
  ask: ({ image, entities: [entity] }) =>
    askMoondream3("detect", image, { target: phraseOf(entity), max_objects: MAXIMUM_OBJECTS }),
  read(output, input) {
    const [convention, size] = [CONVENTIONS.moondream, sizeOf(input)];
    const regions = readShape(Output, output).objects.flatMap(({ x_min, y_min, x_max, y_max }) => {
      const numbers = [x_min, y_min, x_max, y_max] as const;
      if (!countsAs(numbers, convention, size, SLACK))
        throw new StageError("invalid_output", "answered with boxes that are no shares of the picture");
      const box = readBox(numbers, convention, size);
      return box ? [{ box, score: null, method: "moondream-detect" }] : [];
    });
    return { groundings: [{ id: input.entities[0]?.id ?? "", regions }] };
  },
});
