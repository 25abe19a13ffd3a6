import * as z from "zod/mini";
import { phraseOf } from "../adapters/phrase.ts";
import { replicateAdapter, replicatePrice } from "../adapters/replicate.ts";
import type { StageInput } from "../model.ts";
import { CONVENTIONS, readBox } from "../replies/coordinates.ts";
import { readShape } from "../replies/read-shape.ts";
import { groundingsOf, labelsOf, type Phrases, phrasesOf } from "../replies/zero-shot-labels.ts";
import { sizeOf } from "../stage-adapter.ts";

/** hosted-apis section 3.1, `adirik/owlvit-base-patch32`. */
const Output = z.object({
  json_data: z.object({
    objects: z.array(z.object({ bbox: z.array(z.number()), label: z.string(), confidence: z.number() })),
  }),
});

/** Its text encoder takes 16 tokens, two of them its own, and fails on more (shikras/d-cube, issue 13). */
const WORDS = 10;

/** A comma would begin another query. */
function asked({ entities }: StageInput<"grounding">): Phrases {
  return phrasesOf(entities, (entity) => phraseOf(entity, { without: /,/g, words: WORDS }));
}

export const owlViT = replicateAdapter({
  stage: "grounding",
  name: "adirik/owlvit-base-patch32",
  version: "5e899f155a1913c4b7304d09082d842ca7fe6cb1f22e066c83eb1d7849dc37c2",
  promptVersion: "1",
  // Its labels are the queries as they were sent, so those of one post can share a call.
  batch: 8,
  inputs: ["image", "query", "threshold"],
  output: { type: "object", reads: ["json_data"] },
  card: {
    title: "OWL-ViT",
    ...replicatePrice,
    returns: "boxes with the detector's confidence",
    cannot:
      "read more than ten words of an expression, match relations, or give one box to two names of different expressions",
  },
  ask: (input) => ({ image: input.image, query: labelsOf(asked(input)).join(","), threshold: 0.1 }),
  read(output, input) {
    const { objects } = readShape(Output, output).json_data;
    const found = objects.map(({ bbox, label, confidence }) => ({
      label,
      box: readBox(bbox, CONVENTIONS.owlvit, sizeOf(input)),
      score: confidence,
    }));
    return groundingsOf(asked(input), found, "owl-vit");
  },
});
