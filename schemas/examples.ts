import answers from "./example-answers.json" with { type: "json" };
import { ASTRONAUT_JPEG, FLAT_PNG } from "./example-picture.ts";

const TEXT = "Eileen Collins in Houston";
const SUIT = { id: "suit", expression: "a woman in an orange space suit" };

/** Example requests of each operation, by operation id. Every one can be sent as it is. */
export const REQUESTS = {
  recognize: {
    post: { text: TEXT, image: ASTRONAUT_JPEG },
    text_alone: { text: TEXT, task: "mner" },
    tokens: { tokens: ["Eileen", "Collins", "in", "Houston"], offset_encoding: "code-point" },
    own_mentions: {
      text: TEXT,
      image: FLAT_PNG,
      entities: [{ start: 0, end: 14, type: "PER" }],
      masks: "polygon",
    },
    every_candidate: { text: TEXT, image: FLAT_PNG, thresholds: { visible: 0 }, mode: "cheap", store: false },
  },
  mner: {
    text: { text: TEXT },
    tokens: { tokens: ["Eileen", "Collins"], thresholds: { mention: 0.5 } },
  },
  expand: { post: { text: TEXT, entities: [{ text: "Eileen Collins", type: "PER" }] } },
  entail: {
    names: { image: ASTRONAUT_JPEG, entities: [{ text: "Eileen Collins", type: "PER" }] },
    expression: { image: FLAT_PNG, entities: [SUIT], thresholds: { visible: 0.5 } },
  },
  ground: { expression: { image: ASTRONAUT_JPEG, entities: [SUIT] } },
  segment: {
    box: { image: ASTRONAUT_JPEG, boxes: [{ box: { xmin: 6, ymin: 2, xmax: 92, ymax: 120 }, type: "PER" }] },
  },
} as const;

/**
 * What the embedded models answer to the text above with the astronaut of examples/photos, by operation id.
 * `scripts/record-examples.ts` writes them, and a test compares them with what the models answer now.
 */
export const ANSWERS = answers;

export const HEALTH = {
  status: "ok",
  fault: null,
  stages: [
    {
      stage: "mner",
      models: ["cog:local/mner"],
      waiting: { calls: 0, longest_ms: null },
      breakers: [{ model: "cog:local/mner", state: "closed", failures: 0, retry_at: null }],
      last_outcomes: [{ model: "cog:local/mner", ok: true, code: null, ms: 41, at: "2026-11-23T12:00:00.000Z" }],
    },
  ],
} as const;
