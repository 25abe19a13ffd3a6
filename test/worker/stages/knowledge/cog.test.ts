import { LIMITS } from "../../../../schemas/limits.ts";
import { describeCog } from "../cog-contract.ts";

const output = { model: "writer", version: "1", knowledge: "Houston is a city." };

describeCog("knowledge", {
  input: { text: "In Houston", caption: "A city.", examples: [{ text: "Rome!", answer: "Rome is a city." }] },
  output,
  wrong: {
    "a paragraph that is too long": { ...output, knowledge: "x".repeat(LIMITS.expressionLength + 1) },
    "an empty paragraph": { ...output, knowledge: "" },
    "a list of sentences": { ...output, knowledge: ["Houston is a city."] },
    "no paragraph": { model: "writer", version: "1" },
  },
});
