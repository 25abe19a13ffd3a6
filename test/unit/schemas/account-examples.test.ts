import { expect, test } from "vitest";
import * as examples from "../../../schemas/account-examples.ts";
import { KeyFacts, NewAccountAnswer, NewKeyAnswer, RevenueAnswer, UsageAnswer } from "../../../schemas/accounts.ts";
import { toNanoDollars } from "../../../schemas/money.ts";
import { priceOf } from "../../../schemas/prices.ts";

test("examples have the form of answers, and cost what the price table says", () => {
  KeyFacts.parse(examples.KEY_FACTS);
  NewKeyAnswer.parse(examples.NEW_KEY);
  NewAccountAnswer.parse(examples.NEW_ACCOUNT);
  RevenueAnswer.parse(examples.REVENUE);
  for (const { operation, units, amount_usd } of UsageAnswer.parse(examples.USAGE).usage) {
    expect(toNanoDollars(amount_usd)).toBe(priceOf(operation, units));
  }
  expect(examples.NEW_KEY.key.endsWith(examples.KEY_FACTS.last_four)).toBe(true);
});
