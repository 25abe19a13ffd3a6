import { describe, expect, test } from "vitest";
import { usageIn } from "../../../src/providers/usage.ts";

describe("usageIn", () => {
  test.each<[what: string, answer: unknown, usage: object]>([
    ["a chat completion", { usage: { prompt_tokens: 7, completion_tokens: 2 } }, { inputTokens: 7, outputTokens: 2 }],
    [
      "Moondream on Workers AI",
      { metrics: { input_tokens: 740, output_tokens: 8, ttft_ms: 25 } },
      { inputTokens: 740, outputTokens: 8 },
    ],
    [
      "Moondream at fal",
      { output: "Yes", usage_info: { input_tokens: 740, output_tokens: 1, ttft_ms: 1 } },
      { inputTokens: 740, outputTokens: 1 },
    ],
    ["a prediction", { metrics: { predict_time: 1.5 } }, { seconds: 1.5 }],
    ["a part of it", { usage: { prompt_tokens: 7, completion_tokens: null } }, { inputTokens: 7 }],
  ])("reads %s", (_, answer, usage) => {
    expect(usageIn(answer)).toEqual(usage);
  });

  test.each([
    [null],
    ["text"],
    [{}],
    [{ usage: null }],
    [{ metrics: [] }],
    [{ usage_info: { input_tokens: "740" } }],
    [{ metrics: { predict_time: -1 } }],
  ])("reads nothing from %j", (answer) => {
    expect(usageIn(answer)).toEqual({});
  });
});
