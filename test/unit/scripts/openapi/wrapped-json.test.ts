import { expect, test } from "vitest";
import { wrappedJson } from "../../../../scripts/openapi/wrapped-json.ts";

test("what fits stands on one line, and the rest has a line for each field and item", () => {
  const value = { short: [1, { a: null }], long: ["0123456789", "0123456789"], text: "x".repeat(30), none: [] };
  expect(wrappedJson(value, 24)).toBe(`{
 "short": [1,{"a":null}],
 "long": [
  "0123456789",
  "0123456789"
 ],
 "text": "${"x".repeat(30)}",
 "none": []
}`);
  expect(JSON.parse(wrappedJson(value, 24))).toEqual(value);
});
