import { describe, expect, test } from "vitest";
import { cardPrice, modelPrice, readModelPrices } from "../../../../src/stages/prices/model-prices.ts";
import { FREE } from "../../../../src/stages/prices/price.ts";

describe("readModelPrices", () => {
  test("reads prices in dollars, by entry; none from an empty text", () => {
    const text = JSON.stringify({
      "openai/a": { usd_per_million_input_tokens: 0.4, usd_per_million_output_tokens: 1.6 },
      "cog:gpu/b": { usd_per_second: 0.0002, max_usd_per_call: 0.01, usd_per_call: 0 },
    });
    expect(Object.fromEntries(readModelPrices(text))).toEqual({
      "openai/a": { inputToken: 400, outputToken: 1_600 },
      "cog:gpu/b": { second: 200_000, most: 10_000_000, call: 0 },
    });
    expect(readModelPrices(" ").size).toBe(0);
  });

  test.each([
    ["{", /not a JSON object/],
    ["[]", /not a JSON object/],
    ["7", /not a JSON object/],
    ['{"openai/a": 7}', /^"openai\/a" must be one of usd_per_call/],
    ['{"openai/a": {"usd_per_call": "1"}}', /^"openai\/a": usd_per_call must be/],
    ['{"openai/a": {"usd_per_call": -1}}', /^"openai\/a": usd_per_call must be/],
    ['{"openai/a": {"usd_a_call": 1}}', /^"openai\/a": usd_a_call must be/],
  ])("refuses %s and names the value", (text, message) => {
    expect(() => readModelPrices(text)).toThrow(message);
  });
});

describe("modelPrice", () => {
  const at = (entry: string, endpoint: string | null = null) =>
    ({ entry, endpoint: endpoint === null ? null : new URL(endpoint) }) as Parameters<typeof modelPrice>[0];
  const none = new Map();

  test("is what the operator configured, for one version or for all", () => {
    const configured = readModelPrices('{"openai/a": {"usd_per_call": 1}, "openai/a@text": {"usd_per_call": 2}}');
    expect(modelPrice(at("openai/a@riveg"), configured)).toEqual({ call: 1_000_000_000 });
    expect(modelPrice(at("openai/a@text"), configured)).toEqual({ call: 2_000_000_000 });
    expect(modelPrice(at("openai:local/a", "http://127.0.0.1:1"), configured)).toBe(FREE);
  });

  test("is nothing on this machine, what the table has elsewhere, and unknown without either", () => {
    expect(modelPrice(at("cog:local/mner", "http://localhost:8788"), none)).toBe(FREE);
    expect(modelPrice(at("cog:gpu/mner", "https://gpu.example"), none)).toBeNull();
    expect(modelPrice(at("images/upright"), none)).toEqual({ call: 500_000 });
    expect(modelPrice(at("openai/a", "https://api.openai.com/v1"), none)).toBeNull();
  });
});

test("a card has the table's price in words, and the most of a call", () => {
  expect(cardPrice("images/upright")).toEqual({
    price: "USD 0.0005 a call (developers.cloudflare.com/images/pricing, November 2026)",
    maximumCostUsd: 0.0005,
  });
  expect(cardPrice("replicate/any/model").price).toMatch(/^By the second .* \(replicate\.com\/pricing, May 2026\)$/);
  expect(() => cardPrice("openai/a")).toThrow("the table has no price of openai/a");
});
