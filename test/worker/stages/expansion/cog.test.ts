import { LIMITS } from "../../../../schemas/limits.ts";
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
    "an expression that is too long": {
      ...output,
      expressions: [{ ...output.expressions[0], text: "x".repeat(LIMITS.expressionLength + 1) }],
    },
    "an id that is too long": { ...output, expressions: [{ ...output.expressions[0], id: "e".repeat(101) }] },
    "more expressions than entities": { ...output, expressions: [...output.expressions, ...output.expressions] },
    "an unknown method": { ...output, expressions: [{ ...output.expressions[0], method: "oracle" }] },
    "an expression without an id": { ...output, expressions: [{ text: "a city", method: "llm" }] },
    "expressions as an object": { ...output, expressions: { e1: "a city" } },
  },
});
