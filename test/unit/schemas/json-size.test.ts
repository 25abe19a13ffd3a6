import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { jsonExcess, jsonStringEnd } from "../../../schemas/json-size.ts";

const limits = { levels: 3, values: 5 };

describe("jsonExcess", () => {
  test.each([
    ["[[[]]]", null],
    ["[[[[", "levels"],
    ["[1,2,3,4,5]", null],
    ["[1,2,3,4,5,6]", "values"],
    ['{"a":{"b":[1,2]}}', null],
    ['["[[[[[,,,,,,,\\"[[[["]', null],
    ['["never closed', null],
    ["", null],
  ])("of %j is %j", (text, excess) => {
    expect(jsonExcess(text, limits)).toBe(excess);
  });
});

test("jsonStringEnd finds the end of any JSON string, whatever follows", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (inside, after) => {
      const json = JSON.stringify(inside);
      expect(jsonStringEnd(`[${json}${after}`, 1)).toBe(1 + json.length);
    }),
  );
  expect(jsonStringEnd('"open \\"', 0)).toBeNull();
});
