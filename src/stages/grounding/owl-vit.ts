import * as z from "zod/mini";
import { listOf, type StageEntity } from "../../../schemas/primitives.ts";
import { phraseOf } from "../adapters/phrase.ts";
import { replicateAdapter, replicatePrice } from "../adapters/replicate.ts";
import { MOST_DETECTIONS } from "../replies/best-regions.ts";
import { CONVENTIONS, readBox } from "../replies/coordinates.ts";
import { readShape } from "../replies/read-shape.ts";
import { groundingsOf, Label, labelsOf, type Phrases, phrasesOf } from "../replies/zero-shot-labels.ts";

/** Its published schema (replicate.com/adirik/owlvit-base-patch32). */
const Output = z.object({
  json_data: z.object({
    objects: listOf(z.object({ bbox: z.array(z.number()), label: Label, confidence: z.number() }), MOST_DETECTIONS),
  }),
});

/** Its text encoder takes 16 tokens, two of them special ones, and fails on more (shikras/d-cube, issue 13). */
const WORDS = 10;

/** Phrases without commas: a comma begins another query. */
function queriesOf(entities: readonly StageEntity[]): Phrases {
  return phrasesOf(entities, (entity) => phraseOf(entity, { without: /,/g, words: WORDS }));
}

export const owlViT = replicateAdapter({
  stage: "grounding",
  name: "adirik/owlvit-base-patch32",
  version: "5e899f155a1913c4b7304d09082d842ca7fe6cb1f22e066c83eb1d7849dc37c2",
  promptVersion: "1",
  // Its labels are the queries as they were sent, so several entities can share a call.
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
  ask: ({ image, entities }) => ({ image, query: labelsOf(queriesOf(entities)).join(","), threshold: 0.1 }),
  read(output, { entities, size }) {
    const { objects } = readShape(Output, output).json_data;
    const found = objects.map(({ bbox, label, confidence }) => ({
      label,
      box: readBox(bbox, CONVENTIONS.owlvit, size),
      score: confidence,
    }));
    return groundingsOf(queriesOf(entities), found, "owl-vit");
  },
});
