import { LIMITS } from "../../../../schemas/limits.ts";
import { describeCog } from "../cog-contract.ts";

const output = { model: "embedder", version: "1", vectors: [[0.5, -1]] };

describeCog("embedding", {
  input: { texts: ["In Houston"] },
  output,
  wrong: {
    "an empty vector": { ...output, vectors: [[]] },
    "a vector that is too long": { ...output, vectors: [Array(LIMITS.embeddingLength + 1).fill(0)] },
    "a vector of texts": { ...output, vectors: [["0.5"]] },
    "too many vectors": { ...output, vectors: Array(LIMITS.embeddingTexts + 1).fill([1]) },
    "no vectors": { model: "embedder", version: "1" },
  },
});
