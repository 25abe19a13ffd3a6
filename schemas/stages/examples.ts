import type * as z from "zod/mini";
import { FLAT_PNG } from "../example-picture.ts";
import type { STAGES, StageName } from "./index.ts";

type StageExamples = {
  readonly [Name in StageName]: {
    readonly input: z.input<(typeof STAGES)[Name]["input"]>;
    readonly output: z.input<(typeof STAGES)[Name]["output"]>;
  };
};

/** `FLAT_PNG` as a JPEG. */
const FLAT_JPEG =
  "data:image/jpeg;base64,/9j/2wBDAAMDAwMDAwQEBAQFBQUFBQcHBgYHBwsICQgJCAsRCwwLCwwLEQ8SDw4PEg8bFRMTFRsfGhkaHyYiIiYwLTA+PlT/2wBDAQMDAwMDAwQEBAQFBQUFBQcHBgYHBwsICQgJCAsRCwwLCwwLEQ8SDw4PEg8bFRMTFRsfGhkaHyYiIiYwLTA+PlT/wgARCAAIAAgDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAX/xAAUAQEAAAAAAAAAAAAAAAAAAAAA/9oADAMBAAIQAxAAAACqD//EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAT8Af//EABQRAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQIBAT8Af//EABQRAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQMBAT8Af//Z";

const TEXT = "Eileen Collins in Houston";
const CAPTION = "A woman in an orange space suit in front of a flag.";
const SIZE = { width: 8, height: 8 };
const COLLINS = { id: "e1", text: "Eileen Collins", type: "PER" } as const;
const HOUSTON = { id: "e2", text: "Houston", type: "LOC" } as const;
const SUIT = { ...COLLINS, expression: "a woman in an orange space suit" };
const CITY = { ...HOUSTON, expression: "the city of Houston" };
const BOX = { xmin: 2, ymin: 1, xmax: 6, ymax: 8 };
const RAN_BY = { model: "my-model", version: "1" };

/**
 * One input and one output of each stage, as a model behind Cog's protocol gets the one and returns the other. The
 * picture is a grey square of 8 × 8 pixels, so the outputs only show their form. functions/README.md shows the same.
 */
export const STAGE_EXAMPLES: StageExamples = {
  picture: {
    input: { image: FLAT_PNG, max_side: 2048 },
    output: { ...RAN_BY, image: FLAT_JPEG, ...SIZE, original: SIZE },
  },
  caption: {
    input: { image: FLAT_PNG, size: SIZE },
    output: { ...RAN_BY, caption: CAPTION },
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
    input: { text: TEXT, caption: CAPTION, entities: [COLLINS, HOUSTON] },
    output: {
      ...RAN_BY,
      expressions: [
        { id: SUIT.id, text: SUIT.expression, method: "llm" },
        { id: CITY.id, text: CITY.expression, method: "llm" },
      ],
    },
  },
  entailment: {
    input: { image: FLAT_PNG, size: SIZE, caption: CAPTION, entities: [SUIT, CITY] },
    output: {
      ...RAN_BY,
      judgements: [
        { id: SUIT.id, visible: true, score: 0.96, method: "my-model", calibrated: false, reason: null },
        { id: CITY.id, visible: null, score: null, method: "my-model", calibrated: false, reason: "undecided" },
      ],
    },
  },
  grounding: {
    input: { image: FLAT_PNG, size: SIZE, entities: [SUIT, CITY] },
    output: {
      ...RAN_BY,
      groundings: [
        { id: SUIT.id, regions: [{ box: BOX, score: 0.91, method: "my-model" }] },
        { id: CITY.id, regions: [] },
      ],
    },
  },
  segmentation: {
    input: { image: FLAT_PNG, size: SIZE, boxes: [{ id: "r1", box: BOX, type: "PER" }], warm: false },
    output: {
      ...RAN_BY,
      masks: [
        { id: "r1", mask: { size: [8, 8], counts: "a07100000?" }, score: 0.95, method: "my-model", reason: null },
      ],
    },
  },
};
