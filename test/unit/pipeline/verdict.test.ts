import { expect, test } from "vitest";
import { verdictOn } from "../../../src/pipeline/verdict.ts";
import { StageError, type StageErrorCode } from "../../../src/stages/model.ts";

const on = (code: StageErrorCode, time = 30_000) => verdictOn(new StageError(code, "failed"), time);

test("an answer is a success, and a fault of the model a failure", () => {
  expect(verdictOn({ model: "m" }, 0)).toBe("success");
  const faults = [
    "network",
    "unauthorized",
    "not_found",
    "failed",
    "unreadable",
    "invalid_output",
    "http_error",
  ] as const;
  for (const code of faults) expect(on(code)).toBe("failure");
});

test("a full host, a refused input and a caller who left say nothing about the model", () => {
  const others = [
    "canceled",
    "busy",
    "rate_limited",
    "not_ready",
    "rejected",
    "refused",
    "truncated",
    "invalid_picture",
  ] as const;
  for (const code of [...others, "over_budget", "skipped"] as const) expect(on(code)).toBe("neutral");
});

test("being late is a failure only of a model that had a fair time", () => {
  expect([on("timeout", 5_000), on("timeout", 4_999)]).toEqual(["failure", "neutral"]);
});
