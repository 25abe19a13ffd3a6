import { FLAT_PNG } from "./example-picture.ts";

/**
 * Requests and answers as the documentation shows them. Each is validated by test against its schema and against the
 * committed document.
 */

const stages = (stage: string, model: string, version: string) => [
  { stage, model, version, provider: "cog", attempts: 1, cached: false, ms: 41, cost_usd: null },
];
const envelope = { id: "req_01KB2Q4V8N0000000000000000", partial: false, problems: [] };
const image = { width: 512, height: 512, sha256: "88431cd9653ccd539741b555fb0a46b61558b301d4110412b5bc28b5e3ea6cb5" };
const collins = { xmin: 25.6, ymin: 8.5, xmax: 368.4, ymax: 480.7 };
const mask = { size: [4, 4], counts: "52202" };

export const EXAMPLES = {
  recognize: {
    requests: {
      post: { text: "Eileen Collins in Houston", image: FLAT_PNG },
      text_alone: { text: "Eileen Collins in Houston", task: "mner" },
      tokens: { tokens: ["Eileen", "Collins", "in", "Houston"], offset_encoding: "code-point" },
      own_mentions: {
        text: "Eileen Collins in Houston",
        image: FLAT_PNG,
        entities: [{ start: 0, end: 14, type: "PER" }],
        masks: "polygon",
      },
      every_candidate: {
        text: "Eileen Collins in Houston",
        image: FLAT_PNG,
        thresholds: { visible: 0 },
        mode: "cheap",
        store: false,
      },
    },
    answer: {
      ...envelope,
      offset_encoding: "utf-16",
      image,
      entities: [
        {
          id: "e1",
          text: "Eileen Collins",
          type: "PER",
          coarse_type: null,
          score: 0.98,
          mentions: [{ start: 0, end: 14, tokens: null, score: 0.98 }],
          expression: { text: "a person called Eileen Collins", method: "template" },
          visible: true,
          visibility: { score: 0.93, method: "rule:coco-ssd", calibrated: false, reason: null },
          regions: [
            {
              id: "r1",
              box: collins,
              score: 0.87,
              method: "coco-ssd",
              mask,
              mask_score: null,
              mask_method: "selfie-segmenter+grabcut",
              mask_reason: null,
              mask_url: null,
            },
          ],
        },
        {
          id: "e2",
          text: "Houston",
          type: "LOC",
          coarse_type: null,
          score: 0.95,
          mentions: [{ start: 18, end: 25, tokens: null, score: 0.95 }],
          expression: { text: "a place called Houston", method: "template" },
          visible: false,
          visibility: { score: null, method: "rule:no-evidence", calibrated: false, reason: null },
          regions: [],
        },
      ],
      stages: stages("mner", "minilm-l6-twitter-gmner", "1"),
    },
  },
  mner: {
    requests: {
      text: { text: "Eileen Collins in Houston" },
      tokens: { tokens: ["Eileen", "Collins"], thresholds: { mention: 0.5 } },
    },
    answer: {
      ...envelope,
      offset_encoding: "utf-16",
      mentions: [
        { text: "Eileen Collins", type: "PER", coarse_type: null, start: 0, end: 14, tokens: null, score: 0.98 },
      ],
      stages: stages("mner", "minilm-l6-twitter-gmner", "1"),
    },
  },
  expand: {
    requests: { post: { text: "Eileen Collins in Houston", entities: [{ text: "Eileen Collins", type: "PER" }] } },
    answer: {
      ...envelope,
      expressions: [{ id: "e1", text: "a person called Eileen Collins", method: "template" }],
      stages: stages("expansion", "template", "1"),
    },
  },
  entail: {
    requests: {
      names: { image: FLAT_PNG, entities: [{ text: "Eileen Collins", type: "PER" }] },
      expression: {
        image: FLAT_PNG,
        entities: [{ id: "suit", expression: "a woman in an orange space suit" }],
        thresholds: { visible: 0.5 },
      },
    },
    answer: {
      ...envelope,
      image,
      judgements: [
        {
          id: "e1",
          visible: true,
          visibility: { score: 0.93, method: "rule:coco-ssd", calibrated: false, reason: null },
        },
      ],
      stages: stages("entailment", "coco-ssd+pp-ocrv4", "1"),
    },
  },
  ground: {
    requests: { expression: { image: FLAT_PNG, entities: [{ expression: "a woman in an orange space suit" }] } },
    answer: {
      ...envelope,
      image,
      groundings: [{ id: "e1", regions: [{ box: collins, score: 0.87, method: "coco-ssd" }] }],
      stages: stages("grounding", "coco-ssd+pp-ocrv4", "1"),
    },
  },
  segment: {
    requests: { box: { image: FLAT_PNG, boxes: [{ box: { xmin: 1, ymin: 1, xmax: 6, ymax: 7 }, type: "PER" }] } },
    answer: {
      ...envelope,
      image,
      masks: [
        {
          id: "r1",
          box: collins,
          mask,
          mask_score: null,
          mask_method: "selfie-segmenter+grabcut",
          mask_reason: null,
          mask_url: null,
        },
      ],
      stages: stages("segmentation", "selfie-segmenter", "1"),
    },
  },
  health: {
    answer: {
      status: "ok",
      fault: null,
      stages: [
        {
          stage: "mner",
          models: ["cog:local/mner"],
          last_outcomes: [{ model: "cog:local/mner", ok: true, code: null, ms: 41, at: "2026-11-23T12:00:00.000Z" }],
        },
      ],
    },
  },
} as const;
