import fc from "fast-check";
import { expect, test } from "vitest";
import { toNanoDollars, toUsd, USD_PATTERN } from "../../../schemas/money.ts";

test("amounts are exact, and written without needless zeros", () => {
  expect(toNanoDollars("0.005")).toBe(5_000_000);
  expect(toNanoDollars("12.000000001")).toBe(12_000_000_001);
  expect([0, 1, 5_000_000, 1_000_000_000, 1_500_000_000].map(toUsd)).toEqual(["0", "0.000000001", "0.005", "1", "1.5"]);
});

test("every amount that is written can be read, and means the same", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 999_999_999_999_999 }), (nano) => {
      const text = toUsd(nano);
      expect(text).toMatch(USD_PATTERN);
      expect(toNanoDollars(text)).toBe(nano);
    }),
  );
  fc.assert(
    fc.property(
      fc.stringMatching(USD_PATTERN),
      (text) => toNanoDollars(toUsd(toNanoDollars(text))) === toNanoDollars(text),
    ),
  );
});

test.each(["-1", "1e3", "01", ".5", "1.", "1.0000000001", " 1", "NaN"])("%j is no amount", (text) => {
  expect(text).not.toMatch(USD_PATTERN);
});
