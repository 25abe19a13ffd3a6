import { expect, test } from "vitest";
import { LIMITS } from "../../../../schemas/limits.ts";
import { describeCog } from "../cog-contract.ts";
import { startModel } from "../harness.ts";

const mention = { text: "Houston", start: 3, end: 10, type: "LOC", score: 0.9 };
const output = { model: "tagger", version: "2", mentions: [mention, { ...mention, score: null }], problems: [] };

describeCog("mner", {
  input: {
    text: "In Houston",
    image: "https://namesight.test/p",
    size: { width: 20, height: 10 },
    knowledge: "Houston is a city.",
    labels: "gmner",
  },
  output,
  wrong: {
    "a score above 1": { ...output, mentions: [{ ...mention, score: 1.5 }] },
    "a negative position": { ...output, mentions: [{ ...mention, start: -1 }] },
    "more mentions than a text has": { ...output, mentions: Array(LIMITS.mentions + 1).fill(mention) },
    "longer mentions than a text has": {
      ...output,
      mentions: Array(100).fill({ ...mention, text: "x".repeat(LIMITS.mentionsLength / 50) }),
    },
    "more problems than a model may have": {
      ...output,
      problems: Array(LIMITS.stageProblems + 1).fill({ code: "c", detail: "d" }),
    },
    "an empty type": { ...output, mentions: [{ ...mention, type: "" }] },
    "mentions as an object": { ...output, mentions: mention },
  },
});

test("covers GMNER's four types and no other labels", async () => {
  const { model } = await startModel("mner", "cog:test/mner", {});
  expect([model.covers?.("gmner"), model.covers?.("fine"), model.covers?.(["film"])]).toEqual([true, false, false]);
});
