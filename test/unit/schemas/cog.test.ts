import { describe, expect, test } from "vitest";
import { HealthCheck, Prediction, PredictionRequest, ValidationErrors } from "../../../schemas/cog.ts";

describe("the shapes of Cog's protocol", () => {
  test("fill in an empty input when a prediction request has none", () => {
    expect(PredictionRequest.parse({})).toEqual({ input: {} });
  });

  test.each(["ftp://example.com", "not an address"])("refuse %s as a webhook", (webhook) => {
    expect(PredictionRequest.safeParse({ webhook }).success).toBe(false);
  });

  test("take every status that Cog documents for a prediction, and no other", () => {
    for (const status of ["starting", "processing", "succeeded", "failed", "canceled"])
      expect(Prediction.safeParse({ status }).success).toBe(true);
    expect(Prediction.safeParse({ status: "done" }).success).toBe(false);
  });

  test("keep fields out that we do not read, so that a newer Cog does not break us", () => {
    expect(Prediction.parse({ status: "failed", error: null, urls: { get: "…" } })).toEqual({
      status: "failed",
      error: null,
    });
  });

  test("take field names and indices in the path of a validation error", () => {
    const detail = [{ loc: ["body", "input", "entities", 0], msg: "Field required", type: "missing" }];
    expect(ValidationErrors.parse({ detail })).toEqual({ detail });
  });

  test("take the states of a container", () => {
    for (const status of ["STARTING", "READY", "BUSY", "SETUP_FAILED"])
      expect(HealthCheck.safeParse({ status }).success).toBe(true);
    expect(HealthCheck.safeParse({ status: "UP" }).success).toBe(false);
  });
});
