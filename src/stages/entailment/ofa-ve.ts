import * as z from "zod/mini";
import { Score } from "../../../schemas/primitives.ts";
import { calibrate } from "../adapters/calibrate.ts";
import { cogModelAdapter } from "../adapters/cog.ts";
import { ofaEntity, ofaText } from "../families/ofa.ts";
import { readShape } from "../replies/read-shape.ts";

/** The container's output: docs/ofa.md. */
const Output = z.object({
  answer: z.enum(["yes", "no", "maybe"]),
  score: z.optional(z.nullable(Score)),
  version: z.optional(z.string()),
});

export const ofaVe = cogModelAdapter({
  stage: "entailment",
  name: "ofa-ve",
  promptVersion: "ofa-ve-1",
  batch: 1,
  card: {
    title: "OFA fine-tuned for visual entailment like RiVEG's, in a container that follows docs/ofa.md",
    returns:
      "visible unless its answer is no, as RiVEG reads it; the probability of that where the container gives one",
    cannot: "give a calibrated probability until CALIBRATION has constants for ENTRY#ofa-ve-1",
  },
  ask: ({ image, caption, entity }) => ({
    image,
    // RiVEG's order. OFA's own code has the caption first (docs/reference/method.md, "Entailment").
    text1: ofaEntity(entity),
    text2: caption === undefined ? null : ofaText(caption),
  }),
  read(output, { entity }, calibration) {
    const { answer, score: raw = null, version } = readShape(Output, output);
    const { score, calibrated } = raw === null ? { score: null, calibrated: false } : calibrate(raw, calibration);
    const visible = calibrated && score !== null ? score >= 0.5 : answer !== "no";
    return {
      judgements: [{ id: entity.id, visible, score, method: "ofa-ve", calibrated, reason: null }],
      version,
    };
  },
});
