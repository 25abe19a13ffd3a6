import { describeCog } from "../cog-contract.ts";

const output = {
  model: "templates",
  version: "1",
  expressions: [{ id: "e1", text: "the city of Houston", method: "template" as const }],
};

describeCog("expansion", {
  input: { text: "In Houston", caption: "A city.", entities: [{ id: "e1", text: "Houston", type: "LOC" }] },
  output,
  wrong: {
    "an unknown method": { ...output, expressions: [{ ...output.expressions[0], method: "oracle" }] },
    "an expression without an id": { ...output, expressions: [{ text: "a city", method: "llm" }] },
    "expressions as an object": { ...output, expressions: { e1: "a city" } },
  },
});
