import { describe, expect, test } from "vitest";
import { PROBLEMS, Problem, ProblemCode, ProblemError, problemDocument } from "../../../schemas/problem.ts";

describe("problemDocument", () => {
  test.each(Object.keys(PROBLEMS) as ProblemCode[])("fills in the catalogue's title and status of %s", (code) => {
    const document = problemDocument(code, "Details.", { stage: "grounding" });
    expect(Problem.parse(document)).toEqual({
      type: `/problems/${code}`,
      title: PROBLEMS[code].title,
      status: PROBLEMS[code].status,
      code,
      detail: "Details.",
      stage: "grounding",
    });
  });
});

describe("Problem", () => {
  test.each([
    ["code", { code: "no_such_code" }],
    ["stage", { stage: "no_such_stage" }],
  ])("refuses an unknown %s", (_, change) => {
    expect(Problem.safeParse({ ...problemDocument("internal", "x"), ...change }).success).toBe(false);
  });
});

describe("ProblemError", () => {
  test("has the detail as its message, and keeps fields and headers", () => {
    const error = new ProblemError("not_found", "Nothing there.", { stage: "mner" }, { Vary: "Accept" });
    expect(error).toMatchObject({
      ...{ name: "ProblemError", message: "Nothing there.", code: "not_found" },
      ...{ fields: { stage: "mner" }, headers: { Vary: "Accept" } },
    });
  });
});

describe("ProblemCode", () => {
  test("has exactly the codes of the catalogue", () => {
    expect(ProblemCode.options).toEqual(Object.keys(PROBLEMS));
  });
});
