import type * as z from "zod/mini";
import { FLAT_PNG } from "../example-picture.ts";
import type { STAGES, StageName } from "./index.ts";

type Examples = {
  readonly [Name in StageName]: {
    readonly input: z.input<(typeof STAGES)[Name]["input"]>;
    readonly output: z.input<(typeof STAGES)[Name]["output"]>;
  };
};

const TEXT = "Eileen Collins in Houston";
const SIZE = { width: 8, height: 8 };
const BOX = { xmin: 2, ymin: 1, xmax: 6, ymax: 7 };
const PERSON = { id: "e1", text: "Eileen Collins", type: "PER", expression: "a woman in an orange space suit" };
const RAN_BY = { model: "my-model", version: "1" };

/**
 * An input and an output of each stage, as a model behind Cog's protocol gets the one and returns the other. The
 * picture is a grey square of 8 × 8 pixels; what the outputs say of it only shows their form.
 */
export const STAGE_EXAMPLES: Examples = {
  picture: {
    input: { image: FLAT_PNG, max_side: 2048 },
    output: { ...RAN_BY, image: FLAT_PNG, ...SIZE, original: SIZE },
  },
  caption: {
    input: { image: FLAT_PNG, size: SIZE },
    output: { ...RAN_BY, caption: "A smiling woman in an orange space suit stands before a flag." },
  },
  embedding: {
    input: { texts: [TEXT] },
    output: { ...RAN_BY, vectors: [[0.12, -0.05, 0.31]] },
  },
  knowledge: {
    input: { text: TEXT, examples: [{ text: "Paper Harbour tonight!", answer: "Paper Harbour is a film." }] },
    output: {
      ...RAN_BY,
      knowledge: "Eileen Collins is an astronaut, and Houston is the city of NASA's control centre.",
    },
  },
  mner: {
    input: { text: TEXT, labels: "gmner" },
    output: {
      ...RAN_BY,
      mentions: [
        { text: "Eileen Collins", start: 0, end: 14, type: "PER", score: 0.98 },
        { text: "Houston", start: 18, end: 25, type: "LOC", score: 0.95 },
      ],
      problems: [],
    },
  },
  expansion: {
    input: { text: TEXT, entities: [{ id: PERSON.id, text: PERSON.text, type: PERSON.type }] },
    output: { ...RAN_BY, expressions: [{ id: PERSON.id, text: PERSON.expression, method: "llm" }] },
  },
  entailment: {
    input: { image: FLAT_PNG, size: SIZE, text: TEXT, entities: [PERSON] },
    output: {
      ...RAN_BY,
      judgements: [
        {
          id: PERSON.id,
          visible: true,
          score: 0.96,
          method: "my-model",
          calibrated: false,
          evidence: "object",
          reason: null,
        },
      ],
    },
  },
  grounding: {
    input: { image: FLAT_PNG, size: SIZE, text: TEXT, entities: [PERSON] },
    output: {
      ...RAN_BY,
      groundings: [
        {
          id: PERSON.id,
          regions: [
            {
              box: BOX,
              score: 0.91,
              method: "my-model",
              evidence: "object",
              link: { basis: "only_candidate", score: 0.96, alternatives: [] },
            },
          ],
        },
      ],
    },
  },
  segmentation: {
    input: { image: FLAT_PNG, size: SIZE, boxes: [{ id: "r1", box: BOX, type: "PER" }], warm: false },
    output: {
      ...RAN_BY,
      masks: [
        { id: "r1", mask: { size: [8, 8], counts: "a06200000?" }, score: 0.95, method: "my-model", reason: null },
      ],
    },
  },
};
