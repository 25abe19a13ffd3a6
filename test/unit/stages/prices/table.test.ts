import { expect, test } from "vitest";
import { PRICES, publishedPrice, withoutVersion } from "../../../../src/stages/prices/table.ts";

test("each price has its source and the month in which that was read, and each entry stands once", () => {
  const entries = PRICES.flatMap((row) => row.entries);
  expect(new Set(entries).size).toBe(entries.length);
  for (const { source, date, price } of PRICES) {
    expect(source).toMatch(/^[a-z.]+\.[a-z]+\/\S+$/);
    expect(date).toMatch(/^(?:January|May|October|November) 202[56]$/);
    for (const rate of Object.values(price)) expect(rate).toBeGreaterThanOrEqual(0);
  }
});

test.each([
  ["workers-ai/@cf/google/gemma-4-26b-a4b-it@text", "workers-ai/@cf/google/gemma-4-26b-a4b-it"],
  ["replicate/owner/name@abc", "replicate/owner/name"],
  ["replicate/owner/name@deployments/owner/name", "replicate/owner/name"],
  ["openai/gpt", "openai/gpt"],
])("the entry %s is meant by %s", (entry, name) => {
  expect(withoutVersion(entry)).toBe(name);
});

test("an entry is found by its name, and by the beginning that it has in common with others", () => {
  expect(publishedPrice("workers-ai/@cf/google/gemma-4-26b-a4b-it@text")?.price).toEqual({
    inputToken: 100,
    outputToken: 300,
  });
  expect(publishedPrice("replicate/owner/name@abc")?.price).toEqual({ most: 50_000_000 });
  expect(publishedPrice("openai/gpt")).toBeUndefined();
});
