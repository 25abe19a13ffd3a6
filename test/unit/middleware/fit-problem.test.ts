import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LIMITS } from "../../../schemas/limits.ts";
import { Problem, problemDocument } from "../../../schemas/problem.ts";
import { fitProblem } from "../../../src/middleware/fit-problem.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text).length;

/** Texts whose JSON is longer than they are, and long ones. */
const text = fc
  .tuple(
    fc.constantFrom("a", "\u0001", '"', "\\", "\\ud800", "é", "🚀", "\ud83d", "\udc00"),
    fc.nat(4_000),
    fc.string(),
  )
  .map(([unit, count, end]) => unit.repeat(count) + end);
const value = fc.oneof(text, fc.jsonValue({ maxDepth: 2 }), fc.array(text, { maxLength: 3 }), fc.constant(undefined));
const error = fc.record(
  { pointer: text, detail: text, limit: fc.oneof(text, fc.array(text, { maxLength: 9 })), value },
  { requiredKeys: ["pointer", "detail"] },
);

describe("fitProblem", () => {
  test("writes JSON of at most 32 KB that parses to a problem without half characters, whatever it says", () => {
    fc.assert(
      fc.property(text, fc.option(fc.array(error, { maxLength: 60 }), { nil: undefined }), (detail, errors) => {
        const json = fitProblem(problemDocument("invalid_request", detail, errors ? { errors } : {}));
        expect(bytesOf(json)).toBeLessThanOrEqual(LIMITS.problemBytes);
        const parsed = Problem.parse(JSON.parse(json));
        expect(parsed.errors?.length ?? 0).toBeLessThanOrEqual(LIMITS.problemErrors);
        expect(parsed.errors === undefined).toBe(errors === undefined);
        expect(JSON.stringify(parsed)).not.toMatch(/(?<!\\)(\\\\)*\\ud[89a-f]/);
      }),
      { numRuns: 300 },
    );
  });

  test("changes nothing in a document that fits", () => {
    const errors = [{ pointer: "/a~1b", detail: 'says "\\ud800" and 🚀', limit: ["a", 1], value: { xmin: 1.5 } }];
    const document = problemDocument("invalid_request", "/a~1b is wrong.", { errors, request_id: "req_1" });
    expect(JSON.parse(fitProblem(document))).toEqual(document);
    const { errors: _, ...bare } = document;
    expect(JSON.parse(fitProblem(bare as typeof document))).toEqual(bare);
  });

  test("replaces a lone surrogate in a name as well", () => {
    const errors = [{ pointer: "/a", detail: "is wrong", value: { "\ud83d": 1 } }];
    expect(JSON.parse(fitProblem(problemDocument("invalid_request", "\udc00", { errors })))).toMatchObject({
      detail: "\ufffd",
      errors: [{ value: { "\ufffd": 1 } }],
    });
  });

  test("leaves out a limit and a value that are too large, and the last errors", () => {
    const huge = Array.from({ length: 1_000 }, (_, index) => index);
    const one = { pointer: "/a", detail: "\u0001".repeat(9_000), limit: huge, value: huge };
    const fitted = JSON.parse(fitProblem(problemDocument("invalid_request", "x", { errors: Array(20).fill(one) })));
    expect(fitted.errors.length).toBeGreaterThan(3);
    expect(fitted.errors.length).toBeLessThan(20);
    expect(fitted.errors[0]).toEqual({ pointer: "/a", detail: `${"\u0001".repeat(600)}…` });
  });
});
