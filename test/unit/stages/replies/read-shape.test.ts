import { describe, expect, test } from "vitest";
import * as z from "zod/mini";
import { LIMITS } from "../../../../schemas/limits.ts";
import { parseReply, ReplyText, readShape } from "../../../../src/stages/replies/read-shape.ts";

describe("parseReply", () => {
  test("ends at the first fault, so that a list of wrong items does not make an error for each", () => {
    const shape = z.array(z.object({ a: z.string(), b: z.string() }));
    const { error } = parseReply(shape, [{ a: "", b: "" }, ...Array(1_000).fill({ a: 1, b: 2 })]);
    expect(error?.issues).toMatchObject([{ path: [1, "a"] }]);
  });
});

describe("readShape", () => {
  test("names the field, and nothing of the reply", () => {
    expect(() => readShape(z.object({ text: z.number() }), { text: "a secret" })).toThrow(
      expect.objectContaining({
        code: "invalid_output",
        detail: "answered in another form than its schema (field /text)",
      }),
    );
  });

  test("takes no text on which patterns would overflow", () => {
    expect(readShape(ReplyText, "x".repeat(LIMITS.replyText))).toHaveLength(LIMITS.replyText);
    expect(() => readShape(ReplyText, "x".repeat(LIMITS.replyText + 1))).toThrow("invalid_output");
  });
});
