import { describe, expect, test } from "vitest";
import { ANSWERS, REQUESTS } from "../../../schemas/examples.ts";
import { OPERATIONS } from "../../../schemas/operations.ts";

describe("REQUESTS", () => {
  test.each(Object.entries(REQUESTS))("has requests of %s that its schema takes", (id, examples) => {
    const operation = OPERATIONS.find((candidate) => candidate.id === id);
    const requests: readonly unknown[] = Object.values(examples);
    expect(requests.length).toBeGreaterThan(0);
    for (const request of requests) expect(operation?.request?.schema.safeParse(request).error).toBeUndefined();
  });
});

describe("ANSWERS", () => {
  test("has an answer for each operation that has requests, and each keeps its schema", () => {
    for (const id of Object.keys(REQUESTS)) {
      const operation = OPERATIONS.find((candidate) => candidate.id === id);
      const answer: unknown = (ANSWERS as Readonly<Record<string, unknown>>)[id];
      expect(operation?.answer?.schema.safeParse(answer).error).toBeUndefined();
    }
  });

  test("was recorded whole: the picture's own mask fills its size", () => {
    expect(ANSWERS.recognize.entities.some(({ regions }) => regions.some(({ mask }) => mask !== null))).toBe(true);
  });
});
