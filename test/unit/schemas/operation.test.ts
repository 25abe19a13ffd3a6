import { expect, test } from "vitest";
import { ALWAYS, JSON_BODY, KEY, PAGES } from "../../../schemas/operation.ts";
import { OPERATIONS } from "../../../schemas/operations.ts";

test("a page is no operation", () => {
  expect(OPERATIONS.filter(({ path }) => PAGES.includes(path))).toEqual([]);
});

test("an operation lists the problems of what it needs and reads", () => {
  for (const { id, access, request, problems, method } of OPERATIONS) {
    const asks = !["free", "link", "link or key", "signed"].includes(access);
    const expected = [
      ...(id === "health" || id === "getPrices" ? [] : ALWAYS.filter((code) => code === "internal")),
      ...(asks ? KEY : []),
      ...(request && method !== "get" ? JSON_BODY : []),
    ];
    expect([id, expected.filter((code) => !problems.includes(code))]).toEqual([id, []]);
  }
});
