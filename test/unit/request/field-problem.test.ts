import { describe, expect, test } from "vitest";
import { LIMITS } from "../../../schemas/limits.ts";
import { fieldProblem, pointerTo, refuse } from "../../../src/request/field-problem.ts";

const wrong = (count: number, detail = "is wrong") =>
  Array.from({ length: count }, (_, index) => ({ pointer: `/boxes/${index}`, detail }));

describe("fieldProblem", () => {
  test("names every field when there are few", () => {
    const { code, message, fields } = fieldProblem([...wrong(1), { pointer: "", detail: "is odd" }]);
    expect({ code, message }).toEqual({ code: "invalid_request", message: "/boxes/0 is wrong; The request is odd." });
    expect(fields.errors).toHaveLength(2);
  });

  test("ends with one mark when the last field is a question", () => {
    expect(fieldProblem(wrong(1, "is unknown; did you mean box?")).message).toBe(
      "/boxes/0 is unknown; did you mean box?",
    );
  });

  test("lists as many as the limit and says how many more there are", () => {
    expect(fieldProblem(wrong(20)).message).toMatch(/\/boxes\/19 is wrong\.$/);
    const { message, fields } = fieldProblem(wrong(25), "invalid_request", 1_000);
    expect(fields.errors).toEqual(wrong(LIMITS.problemErrors));
    expect(message).toMatch(/\/boxes\/19 is wrong; and 1005 more\.$/);
  });

  test("names fewer fields in its sentence when their details are long, and counts the others", () => {
    const { message, fields } = fieldProblem(wrong(8, "x".repeat(600)));
    expect(message).toMatch(/^\/boxes\/0 x+; \/boxes\/1 x+; and 6 more\.$/);
    expect(fields.errors).toHaveLength(8);
  });
});

test("refuse throws only when there is an error", () => {
  expect(() => refuse([])).not.toThrow();
  expect(() => refuse(wrong(1))).toThrow("/boxes/0 is wrong.");
});

test("pointerTo cuts a long name between two characters", () => {
  expect(pointerTo("a/b")).toBe("/a~1b");
  expect(pointerTo("🚀".repeat(1_000))).toBe(`/${"🚀".repeat(100)}…`);
});
