import { describe, expect, test } from "vitest";
import { DEFAULTS, LIMITS } from "../../../schemas/limits.ts";

describe("LIMITS", () => {
  test("are positive, and whole numbers or shares", () => {
    for (const [name, value] of Object.entries(LIMITS))
      expect([name, value > 0 && (Number.isInteger(value) || value < 1)]).toEqual([name, true]);
  });

  test("leave room for an upload and the fields beside it in a body", () => {
    expect(LIMITS.bodyBytes).toBeGreaterThan(LIMITS.uploadBytes + LIMITS.textLength);
    // Base64 takes four bytes for three.
    expect(LIMITS.bodyBytes).toBeGreaterThan((LIMITS.inlineBytes * 4) / 3);
  });

  test("let one call of a stage take all entities of a request", () => {
    expect(LIMITS.stageEntities).toBeGreaterThanOrEqual(LIMITS.entities);
  });

  test("give a fetch less time than the request has", () => {
    expect(LIMITS.fetchMs).toBeLessThan(LIMITS.deadlineMs);
  });
});

describe("DEFAULTS", () => {
  test("lie within their limits", () => {
    expect(DEFAULTS.maxEntities).toBeLessThanOrEqual(LIMITS.entities);
    for (const score of [DEFAULTS.mentionThreshold, DEFAULTS.regionThreshold]) expect(score).toBe(0);
  });
});
