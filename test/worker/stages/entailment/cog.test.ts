import { describeCog } from "../cog-contract.ts";

const judgement = { id: "e1", visible: true, score: 0.8, method: "vlm-logprobs", calibrated: false, reason: null };
const output = {
  model: "judge",
  version: "1",
  judgements: [judgement, { ...judgement, id: "e2", visible: null, score: null, reason: "undecided" as const }],
};

describeCog("entailment", {
  input: {
    image: "https://namesight.test/p",
    size: { width: 20, height: 10 },
    caption: "A city.",
    entities: [{ id: "e1", text: "Collins", type: "PER", expression: "a woman in orange" }, { id: "e2" }],
  },
  output,
  wrong: {
    "a negative score": { ...output, judgements: [{ ...judgement, score: -0.1 }] },
    "a word as the verdict": { ...output, judgements: [{ ...judgement, visible: "yes" }] },
    "more judgements than entities": { ...output, judgements: [...output.judgements, judgement] },
    "a sentence as the method": { ...output, judgements: [{ ...judgement, method: "I saw a secret" }] },
    "an unknown reason": { ...output, judgements: [{ ...judgement, visible: null, reason: "tired" }] },
  },
});
