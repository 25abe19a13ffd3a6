import fc from "fast-check";
import { expect, test } from "vitest";
import { below, isSame } from "../../../../scripts/contract/finding.ts";

test("below escapes a key in the pointer (RFC 6901) and finds what is there", () => {
  const place = { value: { "a/b~c": [1, 2] }, pointer: "#" };
  expect(below(below(place, "a/b~c"), 1)).toEqual({ value: 2, pointer: "#/a~1b~0c/1" });
  expect(below(below(place, "none"), "deeper").value).toBeUndefined();
});

test("isSame does not see the order of fields, and sees every other difference", () => {
  const json = fc.dictionary(fc.string(), fc.jsonValue());
  fc.assert(
    fc.property(json, fc.string(), (value, key) => {
      const reversed = Object.fromEntries(Object.entries(value).toReversed());
      expect(isSame(value, reversed)).toBe(true);
      expect(isSame(value, { ...value, [key]: [value] })).toBe(false);
    }),
  );
  expect(isSame([1, 2], [2, 1])).toBe(false);
});
