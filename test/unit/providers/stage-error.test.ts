import { describe, expect, test } from "vitest";
import { StageError, type StageErrorCode } from "../../../src/providers/stage-error.ts";

const RETRYABLE: ReadonlyArray<[StageErrorCode, boolean]> = [
  ["network", true],
  ["timeout", false],
  ["canceled", false],
  ["busy", true],
  ["rate_limited", true],
  ["not_ready", true],
  ["unauthorized", false],
  ["rejected", false],
  ["failed", false],
  ["refused", false],
  ["truncated", false],
  ["unfinished", true],
  ["unreadable", true],
  ["invalid_output", false],
  ["http_error", false],
  ["invalid_picture", false],
  ["picture_too_many_pixels", false],
];

describe("a StageError", () => {
  test.each(RETRYABLE)("of %s is retryable by default: %s", (code, retryable) => {
    expect(new StageError(code, "failed")).toMatchObject({ code, retryable, retryAfterMs: null, changes: null });
  });

  test("is as retryable as it is told to be", () => {
    expect(new StageError("network", "failed", { retryable: false }).retryable).toBe(false);
    expect(new StageError("failed", "failed", { retryable: true, retryAfterMs: 5 })).toMatchObject({
      retryable: true,
      retryAfterMs: 5,
    });
  });

  test("has its code and detail in its message", () => {
    expect(new StageError("rejected", "rejected the request").message).toBe("rejected: rejected the request");
    expect(new StageError("rejected", "x")).toBeInstanceOf(Error);
  });
});
