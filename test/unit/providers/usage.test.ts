import { expect, test } from "vitest";
import { usageIn } from "../../../src/providers/usage.ts";

test.each<[string, unknown, object]>([
  [
    "a completion",
    { usage: { prompt_tokens: 7, completion_tokens: 2, total_tokens: 9 } },
    { inputTokens: 7, outputTokens: 2 },
  ],
  [
    "Moondream on Workers AI",
    { metrics: { input_tokens: 750, output_tokens: 3 } },
    { inputTokens: 750, outputTokens: 3 },
  ],
  ["a prediction", { status: "failed", metrics: { predict_time: 0.25, total_time: 9 } }, { seconds: 0.25 }],
  ["an answer without a report", { choices: [] }, {}],
  ["a report that cannot be read", { usage: { prompt_tokens: "7", completion_tokens: -1 }, metrics: null }, {}],
  ["a list", [], {}],
  ["nothing", undefined, {}],
])("%s says what it used", (_, answer, usage) => {
  expect(usageIn(answer)).toEqual(usage);
});
