import { describe, expect, test } from "vitest";
import { ANSWERS, REQUESTS } from "../../../schemas/examples.ts";
import { LIMITS } from "../../../schemas/limits.ts";
import { RecognizeAnswer, RecognizeRequest } from "../../../schemas/recognize.ts";

const issueOf = (request: unknown) => {
  const [issue] = RecognizeRequest.safeParse(request).error?.issues ?? [];
  return issue && { path: issue.path, message: issue.message };
};

describe("RecognizeRequest", () => {
  test("fills in every default when only a text is given", () => {
    expect(RecognizeRequest.parse({ text: "a" })).toEqual({
      text: "a",
      task: "smner",
      labels: "gmner",
      mode: "fast",
      masks: "rle",
      store: true,
      fallback: true,
      max_entities: 25,
      thresholds: { mention: 0, region: 0 },
      offset_encoding: "utf-16",
    });
  });

  test("names the field when neither text nor tokens is given, or both are", () => {
    expect(issueOf({})).toEqual({ path: ["text"], message: "or tokens is required" });
    expect(issueOf({ text: "a", tokens: ["a"] })?.path).toEqual(["tokens"]);
  });

  test("refuses tokens that are longer than a text when joined", () => {
    const tokens = Array.from({ length: 25 }, () => "x".repeat(LIMITS.nameLength));
    expect(tokens.join("").length).toBeGreaterThan(LIMITS.textLength);
    expect(issueOf({ tokens })?.path).toEqual(["tokens"]);
    expect(issueOf({ tokens: tokens.slice(0, 19) })).toBeUndefined();
  });

  test("refuses positions in tokens when the request has a text", () => {
    expect(issueOf({ text: "a", offset_encoding: "token" })).toEqual({
      path: ["offset_encoding"],
      message: "can be token only with tokens; with text, use one of utf-16, utf-8, code-point",
    });
    expect(issueOf({ tokens: ["a"], offset_encoding: "token" })).toBeUndefined();
  });

  test("refuses a field that it does not know", () => {
    expect(RecognizeRequest.safeParse({ text: "a", Text: "a" }).error?.issues[0]).toMatchObject({
      code: "unrecognized_keys",
      keys: ["Text"],
    });
  });

  test.each(Object.entries(REQUESTS.recognize))("takes the example %s", (_, example) => {
    expect(issueOf(example)).toBeUndefined();
  });
});

describe("RecognizeAnswer", () => {
  test.each([
    ["a stage record's stage", { stages: [{ ...ANSWERS.recognize.stages[0], stage: "retrieval" }] }],
    ["a stage record's provider", { stages: [{ ...ANSWERS.recognize.stages[0], provider: "nobody" }] }],
    ["an overlay_url that is missing", { overlay_url: undefined }],
  ])("refuses %s", (_, change) => {
    expect(RecognizeAnswer.safeParse(ANSWERS.recognize).success).toBe(true);
    expect(RecognizeAnswer.safeParse({ ...ANSWERS.recognize, ...change }).success).toBe(false);
  });
});
