import * as z from "zod/mini";
import { toUsd } from "../../../schemas/money.ts";
import { isLoopback } from "../../net/provider-fetch.ts";
import type { ModelAddress, ModelCard } from "../model.ts";
import { FREE, type ModelPrices, type Price, priceInWords } from "./price.ts";
import { publishedPrice, withoutVersion } from "./table.ts";

const Amount = z.number().check(z.gte(0), z.lte(1_000_000));

/** A price in the variable `MODEL_PRICES`, in US dollars. */
const ConfiguredPrice = z.strictObject({
  usd_per_call: z.optional(Amount),
  usd_per_million_input_tokens: z.optional(Amount),
  usd_per_million_output_tokens: z.optional(Amount),
  usd_per_second: z.optional(Amount),
  max_usd_per_call: z.optional(Amount),
});
type ConfiguredPrice = z.infer<typeof ConfiguredPrice>;

/**
 * The prices of the variable `MODEL_PRICES`, a JSON object by entry: `{"openai/gpt-4.1-mini":
 * {"usd_per_million_input_tokens": 0.4, "usd_per_million_output_tokens": 1.6}}`. An entry without what stands after its
 * `@` is meant for all its versions and variants. Throws an `Error` that names the value which cannot be used.
 */
export function readModelPrices(text: string): ModelPrices {
  if (text.trim() === "") return new Map();
  const prices = parse(text);
  return new Map(Object.entries(prices).map(([entry, value]) => [entry, priceOf(entry, value)]));
}

function parse(text: string): object {
  try {
    const prices: unknown = JSON.parse(text);
    if (typeof prices === "object" && prices !== null && !Array.isArray(prices)) return prices;
  } catch {
    // It is no JSON at all.
  }
  throw new Error("is not a JSON object of prices by entry");
}

function priceOf(entry: string, value: unknown): Price {
  const parsed = z.safeParse(ConfiguredPrice, value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const field = issue?.code === "unrecognized_keys" ? issue.keys[0] : issue?.path.join(".");
    const fields = Object.keys(ConfiguredPrice.shape).join(", ");
    throw new Error(
      `"${entry}"${field ? `: ${field}` : ""} must be one of ${fields}, each a number of US dollars from 0 to a million`,
    );
  }
  return nanoPrice(parsed.data);
}

function nanoPrice(configured: ConfiguredPrice): Price {
  const scaled = (amount: number | undefined, factor: number) => (amount === undefined ? undefined : amount * factor);
  const price = {
    call: scaled(configured.usd_per_call, 1e9),
    inputToken: scaled(configured.usd_per_million_input_tokens, 1e3),
    outputToken: scaled(configured.usd_per_million_output_tokens, 1e3),
    second: scaled(configured.usd_per_second, 1e9),
    most: scaled(configured.max_usd_per_call, 1e9),
  };
  return Object.fromEntries(Object.entries(price).filter(([, rate]) => rate !== undefined));
}

/**
 * The price of a model; null when none is known. What the operator configured wins over what the host publishes, and a
 * model on this machine costs nothing.
 */
export function modelPrice({ entry, endpoint }: ModelAddress, configured: ModelPrices): Price | null {
  const own = configured.get(entry) ?? configured.get(withoutVersion(entry));
  if (own) return own;
  if (endpoint && isLoopback(endpoint)) return FREE;
  return publishedPrice(entry)?.price ?? null;
}

/** The price on the card of a model that the table has. Throws an `Error` for any other. */
export function cardPrice(entry: string): Pick<ModelCard, "price" | "maximumCostUsd"> {
  const published = publishedPrice(entry);
  if (!published) throw new Error(`the table has no price of ${entry}`);
  const { price, note, source, date } = published;
  const words = priceInWords(price);
  const most = price.most ?? price.call;
  return {
    price: `${words === "" ? (note ?? "") : words} (${source}, ${date})`,
    maximumCostUsd: most === undefined ? null : Number(toUsd(most)),
  };
}
