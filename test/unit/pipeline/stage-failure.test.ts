import { expect, test } from "vitest";
import { failureOf, problemOf } from "../../../src/pipeline/stage-failure.ts";
import { StageError } from "../../../src/stages/model.ts";

const of = (...errors: StageError[]) => failureOf(new Map(errors.map((error) => [`a:b ${error.detail}`, error])));
const busy = (retryAfterMs: number | null) => new StageError("busy", `is full ${retryAfterMs}`, { retryAfterMs });
const picture = new StageError("invalid_picture", "cannot read the picture");
const network = new StageError("network", "cannot be reached");

test("a stage failed for the picture only when every model blames the picture", () => {
  expect(of(picture)).toEqual({ code: "invalid_picture", detail: "a:b cannot read the picture." });
  expect(of(picture, network).code).toBe("stage_failed");
  expect(of()).toEqual({ code: "stage_failed", detail: "no model is configured." });
});

test("a stage is overloaded only when every model is busy, until the first of them has room", () => {
  const failure = of(busy(9_000), busy(4_000), busy(null), new StageError("rate_limited", "is asked too often"));
  expect(problemOf("mner", failure, false)).toMatchObject({
    code: "overloaded",
    headers: { "Retry-After": "4" },
    fields: { stage: "mner" },
  });
  expect(problemOf("mner", of(busy(null)), true)).toMatchObject({ code: "overloaded", headers: {} });
  expect(problemOf("mner", of(busy(4_000), network), false).code).toBe("stage_failed");
  expect(problemOf("mner", of(busy(4_000), network), true).code).toBe("deadline_exceeded");
});

test("a failure for the picture points to the picture", () => {
  expect(problemOf("grounding", of(picture), false).fields).toEqual({
    stage: "grounding",
    errors: [{ pointer: "/image", detail: "could not be decoded" }],
  });
});
