import { expect, test } from "vitest";
import { PLANS } from "../../../../schemas/plans.ts";
import { PaidOperation } from "../../../../schemas/prices.ts";
import { pricingPage } from "../../../../scripts/pages/pricing.ts";
import { readComments } from "../../../../scripts/schema-comments.ts";

const page = pricingPage(await readComments(new URL("../../../../schemas/prices.ts", import.meta.url)));
const lines = page.split("\n");
/** The cells of the row that begins so. */
const row = (start: string) => {
  const found = lines.find((line) => line.startsWith(`| ${start}`)) ?? "";
  return found.split("|").map((cell) => cell.trim());
};

test("docs/pricing.md has the price of every operation and the limits of every plan", () => {
  for (const operation of PaidOperation.options) expect(page).toContain(`| \`POST /v1/${operation}\` | 0.`);
  expect(page).toContain("| `POST /v1/recognize` | 0.0015 | 0.002 | 0.003 | `recognize` |");
  expect(page).toContain("| `POST /v1/mner` | 0.0005 | – | – | `stages` |");
  for (const plan of Object.keys(PLANS)) expect(page).toMatch(new RegExp(`^\\| ${plan} \\|( [\\d,]+ \\|){5}$`, "m"));
  expect(page).toContain("| starter | 60 | 2,000 | 5 | 4 | 25 |");
});

test("its examples say what is reserved and what is charged", () => {
  expect(row("`/v1/recognize`, a text alone").slice(2, 5)).toEqual(["0.0015", "1 answer", "0.0015"]);
  // 28 characters have room for 14 names: 0.0015 + 14 × (0.002 + 0.003).
  const two = row("`/v1/recognize`, `Eileen Collins");
  expect(two.slice(2, 5)).toEqual(["0.0715", "1 answer, 1 entity, 1 mask", "0.0065"]);
  expect(row("the same with `max_entities: 2`").slice(2, 5)).toEqual(["0.0115", two[3], "0.0065"]);
  const many = row("`/v1/recognize`, a text of 400 characters");
  expect(many.slice(2, 5)).toEqual(["0.1265", "1 answer, 25 entities, 25 masks", "0.1265"]);
  expect(row("`/v1/entail`").slice(2, 5)).toEqual(["0.0017", "1 answer, 2 entities", "0.0013"]);
  expect(row("`/v1/segment`").slice(2, 5)).toEqual(["0.026", "1 answer, 5 masks", "0.022"]);
  expect(page).toContain('"amount_usd":"0.0065","units":{"calls":1,"entities":1,"masks":1},"balance_usd":"19.9935"');
});

test("it says what each unit is, and refuses a unit without a comment", () => {
  expect(page).toMatch(/^- `calls`: 1 for an answer/m);
  expect(page).toMatch(/^- `entities`: Entities that got a result/m);
  expect(page).toMatch(/^- `masks`: Masks that are not null/m);
  expect(() => pricingPage(new Map())).toThrow("schemas/prices.ts has no comment on calls");
});
