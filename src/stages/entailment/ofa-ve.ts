import * as z from "zod/mini";
import { Score } from "../../../schemas/primitives.ts";
import { calibrate } from "../adapters/calibrate.ts";
import { cogModelAdapter } from "../adapters/cog.ts";
import { ofaEntity, ofaText } from "../families/ofa.ts";
import { readShape } from "../replies/read-shape.ts";

/** docs/ofa.md. */
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
    title: "OFA tuned for visual entailment as RiVEG's is, in a container that speaks docs/ofa.md",
    returns: "visible unless its answer is no, as RiVEG reads it; the probability of that where the container tells it",
    cannot: "give a calibrated probability until constants are configured for it (CALIBRATION)",
  },
  ask: ({ image, caption, entities: [entity] }) => ({
    image,
    // RiVEG's columns: OFA's own code has the caption first and the hypothesis second (reference: riveg, section 1.3).
    text1: ofaEntity(entity),
    text2: caption === undefined ? null : ofaText(caption),
  }),
  read(output, { entities: [entity] }, fitted) {
    const { answer, score: raw = null, version } = readShape(Output, output);
    const { score, calibrated } = raw === null ? { score: null, calibrated: false } : calibrate(raw, fitted);
    const visible = calibrated && score !== null ? score >= 0.5 : answer !== "no";
    return {
      judgements: [{ id: entity?.id ?? "", visible, score, method: "ofa-ve", calibrated, reason: null }],
      version,
    };
  },
});
