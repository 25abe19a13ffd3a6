import { describe, expect, test } from "vitest";
import { MnerInput, MnerOutput } from "../../../../schemas/stages/mner.ts";

describe("MnerInput", () => {
  test.each([
    [{ text: "a" }, true],
    [{ text: "" }, true],
    [{ tokens: ["a", "b"] }, true],
    [{}, false],
    [{ text: "a", tokens: ["a"] }, false],
    [{ tokens: [""] }, false],
    [{ text: "a", picture: "data:," }, false],
  ])("takes %j: %s", (input, expected) => {
    expect(MnerInput.safeParse(input).success).toBe(expected);
  });
});

describe("MnerOutput", () => {
  const ran = { model: "m", version: "1" };
  const mention = { text: "NASA", start: 0, end: 4, type: "ORG", score: null };

  test("has no problems when a model returns none", () => {
    expect(MnerOutput.parse({ ...ran, mentions: [mention] }).problems).toEqual([]);
  });

  test.each([{ start: -1 }, { end: 1.5 }, { score: 1.1 }, { type: "" }])("refuses a mention with %j", (change) => {
    expect(MnerOutput.safeParse({ ...ran, mentions: [{ ...mention, ...change }] }).success).toBe(false);
  });
});
