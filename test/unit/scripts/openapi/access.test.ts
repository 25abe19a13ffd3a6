import { describe, expect, test } from "vitest";
import { PROBLEMS } from "../../../../schemas/problem.ts";
import {
  accessInWords,
  answerHeaders,
  HEADERS,
  isPaid,
  jobHeaders,
  problemHeaders,
  securityOf,
} from "../../../../scripts/openapi/access.ts";

describe("securityOf", () => {
  test.each([
    ["free", []],
    ["link", []],
    ["signed", []],
    ["link or key", [{}, { key: [] }]],
    ["recognize", [{ key: ["recognize"] }, {}]],
    ["stages", [{ key: ["stages"] }, {}]],
    ["admin", [{ key: ["admin"] }]],
    ["any key", [{ key: [] }]],
    ["operator", [{ operator: [] }]],
  ] as const)("%s", (access, expected) => {
    expect(securityOf(access)).toEqual(expected);
    const isSilent = ["free", "link", "signed"].includes(access);
    expect(accessInWords(access) === "").toBe(isSilent);
  });
});

test("headers are those that the document describes", () => {
  const codes = Object.keys(PROBLEMS) as Array<keyof typeof PROBLEMS>;
  const named = [
    ...Object.keys(problemHeaders(codes)),
    ...Object.keys(answerHeaders("recognize", true)),
    ...Object.keys(jobHeaders("recognize")),
  ];
  expect(new Set(named)).toEqual(new Set(Object.keys(HEADERS)));
  expect(Object.keys(answerHeaders("admin"))).toEqual(["X-Request-Id"]);
  expect(Object.keys(answerHeaders("admin", true))).toEqual(["X-Request-Id", "Link"]);
  expect([isPaid("stages"), isPaid("admin")]).toEqual([true, false]);
});
