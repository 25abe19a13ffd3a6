import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { toNanoDollars } from "../../../schemas/money.ts";
import { NO_UNITS, operationPrice, PaidOperation, PRICES, priceOf } from "../../../schemas/prices.ts";

test("priceOf adds up: two answers together cost what each costs alone", () => {
  const count = fc.nat(1_000);
  const units = fc.record({ calls: count, entities: count, masks: count });
  const property = fc.property(fc.constantFrom(...PaidOperation.options), units, units, (operation, one, other) => {
    const both = {
      calls: one.calls + other.calls,
      entities: one.entities + other.entities,
      masks: one.masks + other.masks,
    };
    expect(priceOf(operation, both)).toBe(priceOf(operation, one) + priceOf(operation, other));
  });
  fc.assert(property);
  expect(priceOf("recognize", NO_UNITS)).toBe(0);
  expect(priceOf("recognize", { calls: 1, entities: 2, masks: 1 })).toBe(8_500_000);
});

test("every operation has a price in whole nano-dollars, and operationPrice says it in dollars", () => {
  for (const operation of PaidOperation.options) {
    const { calls, entities, masks } = PRICES[operation];
    expect([calls, entities, masks].every((price) => Number.isSafeInteger(price) && price >= 0)).toBe(true);
    expect(calls).toBeGreaterThan(0);
    const { call_usd, entity_usd, mask_usd } = operationPrice(operation);
    expect([call_usd, entity_usd, mask_usd].map(toNanoDollars)).toEqual([calls, entities, masks]);
  }
});

test("a post is not sold for less than docs/deploy.md says that it costs", () => {
  const deploy = readFileSync("docs/deploy.md", "utf8");
  // Two names, one of them visible, every first model answering.
  const [, cost = ""] = /^\| together \| \| \| ([\d.]+) \|$/m.exec(deploy) ?? [];
  expect(toNanoDollars(cost)).toBeGreaterThan(0);
  expect(priceOf("recognize", { calls: 1, entities: 2, masks: 1 })).toBeGreaterThan(toNanoDollars(cost));
});
