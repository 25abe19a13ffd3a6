import type { Price } from "./price.ts";

/** A price that a host publishes. */
export interface PublishedPrice {
  /** Entries of a chain, without what stands after their `@`. One that ends with `/` stands for all that begin so. */
  readonly entries: readonly string[];
  readonly price: Price;
  /** What the price cannot say. */
  readonly note?: string;
  /** The month in which the source was read. */
  readonly date: string;
  readonly source: string;
}

/** Nano-dollars of an amount in US dollars. */
const usd = (amount: number): number => Math.round(amount * 1_000_000_000);
/** Nano-dollars a token, of US dollars a million tokens. */
const perMillion = (amount: number): number => amount * 1_000;

const WORKERS_AI = "developers.cloudflare.com/workers-ai/platform/pricing";

/**
 * Every price that we could read. docs/prices.md is generated from this table, and the variable `MODEL_PRICES` adds to
 * it and corrects it. A model without an entry has no known price: its `cost_usd` is null unless its host reports it.
 */
export const PRICES: readonly PublishedPrice[] = [
  {
    entries: ["workers-ai/moondream3", "workers-ai/@cf/moondream/moondream3.1-9B-A2B"],
    price: { inputToken: perMillion(0.3), outputToken: perMillion(1), most: usd(0.002) },
    note: "A picture is some 750 tokens and a phrase at most 2,000, and `max_tokens` bounds the answer.",
    date: "November 2026",
    source: WORKERS_AI,
  },
  {
    entries: ["workers-ai/@cf/google/gemma-4-26b-a4b-it"],
    price: { inputToken: perMillion(0.1), outputToken: perMillion(0.3) },
    note: "9,091 and 27,273 neurons a million tokens, at USD 0.011 a thousand. 10,000 neurons a day are free.",
    date: "November 2026",
    source: WORKERS_AI,
  },
  {
    entries: ["images/upright"],
    price: { call: usd(0.0005) },
    note: "The first 5,000 unique transformations a month are free.",
    date: "November 2026",
    source: "developers.cloudflare.com/images/pricing",
  },
  {
    entries: ["fal/fal-ai/sam-3-1/image", "fal/fal-ai/sam-3/image"],
    price: { call: usd(0.005) },
    note: "However many boxes a call has. Calls that end with a 5xx are not charged.",
    date: "November 2026",
    source: "fal.ai/models/fal-ai/sam-3-1/image",
  },
  {
    entries: ["fal/fal-ai/moondream3-preview/"],
    price: { inputToken: perMillion(0.4), outputToken: perMillion(3.5), most: usd(0.03) },
    note: "An answer has at most some 8,000 tokens.",
    date: "November 2026",
    source: "fal.ai/models/fal-ai/moondream3-preview",
  },
  {
    entries: ["moondream/"],
    price: { inputToken: perMillion(0.3), outputToken: perMillion(1), most: usd(0.01) },
    note: "An answer has at most some 8,000 tokens.",
    date: "October 2026",
    source: "moondream.ai/pricing",
  },
  {
    entries: ["roboflow/sam3"],
    price: { second: usd(0.012), most: usd(0.36) },
    note:
      "500 seconds of processing cost a credit, of USD 6 on demand and 4 in advance; a call counts as at least 0.1 s. " +
      "No call outlives a request's 30 seconds.",
    date: "October 2026",
    source: "roboflow.com/pricing",
  },
  {
    entries: ["replicate/"],
    price: { most: usd(0.05) },
    note:
      "By the second of the model's hardware, from a T4's USD 0.000225 to an H100's 0.001525: the model's page names it. " +
      "No call outlives a request's 30 seconds.",
    date: "May 2026",
    source: "replicate.com/pricing",
  },
];

/** The published price of an entry; undefined when there is none. An entry by itself wins over a beginning. */
export function publishedPrice(entry: string): PublishedPrice | undefined {
  const name = withoutVersion(entry);
  return (
    PRICES.find(({ entries }) => entries.includes(name)) ??
    PRICES.find(({ entries }) => entries.some((one) => one.endsWith("/") && name.startsWith(one)))
  );
}

/** An entry without its version or variant: what stands after an `@` that does not begin a part of the name. */
export function withoutVersion(entry: string): string {
  return entry.replace(/(?<!\/)@.*$/, "");
}
