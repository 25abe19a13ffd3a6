import { expect, test } from "vitest";
import { pricesPage } from "../../../../scripts/pages/prices.ts";
import { readModelPrices } from "../../../../src/stages/prices/model-prices.ts";
import { PRICES } from "../../../../src/stages/prices/table.ts";

const page = pricesPage();

test("docs/prices.md has each price of the table with its source", () => {
  expect(page).toContain("| USD 0.3 a million tokens in, 1 a million out | USD 0.002 |");
  for (const { entries, source, date } of PRICES) {
    for (const entry of entries) expect(page).toContain(`\`${entry}`);
    expect(page).toContain(`${source}, ${date} |`);
  }
});

test("its example of MODEL_PRICES can be read, and it explains every field", () => {
  const [, text = ""] = /^MODEL_PRICES = '(.*)'$/m.exec(page) ?? [];
  expect(readModelPrices(text).size).toBe(1);
  for (const field of page.matchAll(/^\| `(\w*usd\w*)` \|/gm)) {
    expect(readModelPrices(JSON.stringify({ a: { [String(field[1])]: 1 } })).size).toBe(1);
  }
});
