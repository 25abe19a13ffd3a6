import fc from "fast-check";
import { expect, test } from "vitest";
import { costOf, FREE, mostCostOf, type Price, priceInWords } from "../../../../src/stages/prices/price.ts";

const TOKENS: Price = { inputToken: 300, outputToken: 1_000 };

test.each<[string, Price | null, object, number | null]>([
  ["tokens", TOKENS, { inputTokens: 750, outputTokens: 150 }, 375_000],
  ["a call", { call: 5_000_000 }, {}, 5_000_000],
  ["seconds", { second: 975_000 }, { seconds: 0.5 }, 487_500],
  ["a call and its seconds", { call: 1, second: 10 }, { seconds: 2 }, 21],
  ["what the host names, whatever the price", TOKENS, { costUsd: 0.0005, inputTokens: 9 }, 500_000],
  ["what the host names, without a price", null, { costUsd: 0.1 }, 100_000_000],
  ["nothing for a free model, whatever it reports", FREE, { seconds: 3 }, 0],
  ["nothing known: no price", null, { inputTokens: 1 }, null],
  ["nothing known: no report", TOKENS, { inputTokens: 1 }, null],
  ["nothing known: only a maximum", { most: 5 }, { seconds: 1 }, null],
])("a cost is made of %s", (_, price, usage, cost) => {
  expect(costOf(price, usage)).toBe(cost);
});

test("the most is a price's own maximum, else the cost of the most that a call may use", () => {
  expect(mostCostOf({ ...TOKENS, most: 7 }, {})).toBe(7);
  expect(mostCostOf(TOKENS, { inputTokens: 10, outputTokens: 1 })).toBe(4_000);
  expect(mostCostOf(TOKENS, {})).toBeNull();
  expect(mostCostOf(null, {})).toBeNull();
});

test("a cost is a whole number of nano-dollars, and never less than its parts", () => {
  const rate = fc.double({ min: 0, max: 10_000, noNaN: true });
  const amount = fc.integer({ min: 0, max: 100_000 });
  fc.assert(
    fc.property(rate, rate, amount, amount, (inputToken, outputToken, inputTokens, outputTokens) => {
      const cost = costOf({ inputToken, outputToken }, { inputTokens, outputTokens }) ?? Number.NaN;
      expect(Number.isInteger(cost)).toBe(true);
      expect(cost).toBeGreaterThanOrEqual(inputToken * inputTokens + outputToken * outputTokens - 0.001);
    }),
  );
});

test("a price is said in words", () => {
  expect(priceInWords(TOKENS)).toBe("USD 0.3 a million tokens in, 1 a million out");
  expect(priceInWords({ call: 500_000 })).toBe("USD 0.0005 a call");
  expect(priceInWords({ second: 975_000 })).toBe("USD 0.000975 a second");
  expect(priceInWords(FREE)).toBe("nothing");
});
