import * as z from "zod/mini";
import { toUsd, UsdAmount } from "./money.ts";

/** The operations that cost something. */
export const PaidOperation = z.enum(["recognize", "mner", "expand", "entail", "ground", "segment"]);
export type PaidOperation = z.infer<typeof PaidOperation>;

/** What one answer delivered, counted from the answer alone. */
export const Units = z.object({
  /** 1 for an answer, 0 where nothing was delivered. */
  calls: z.int(),
  /**
   * Entities that got a result: of `/v1/recognize` those with a visibility of true or false or with a region, of
   * `/v1/entail` those with a visibility of true or false, of `/v1/ground` those with a region, of `/v1/expand` those
   * with an expression.
   */
  entities: z.int(),
  /** Masks that are not null. */
  masks: z.int(),
});
export type Units = z.infer<typeof Units>;

export const NO_UNITS: Units = { calls: 0, entities: 0, masks: 0 };

/** The price of each unit of an operation, in nano-dollars. */
export type Price = Readonly<Record<keyof Units, number>>;

/**
 * What callers pay: one price for an answer, one for each entity that got a result, one for each mask. docs/pricing.md,
 * `GET /v1/prices` and the problem `payment_required` are made from this table. The prices are above what production's
 * chains cost (docs/deploy.md, "What a post costs").
 */
export const PRICES: Readonly<Record<PaidOperation, Price>> = {
  recognize: { calls: 1_500_000, entities: 2_000_000, masks: 3_000_000 },
  mner: { calls: 500_000, entities: 0, masks: 0 },
  expand: { calls: 300_000, entities: 100_000, masks: 0 },
  entail: { calls: 500_000, entities: 400_000, masks: 0 },
  ground: { calls: 500_000, entities: 600_000, masks: 0 },
  segment: { calls: 2_000_000, entities: 0, masks: 4_000_000 },
};

/** What units of an operation cost, in nano-dollars. */
export function priceOf(operation: PaidOperation, { calls, entities, masks }: Units): number {
  const price = PRICES[operation];
  return calls * price.calls + entities * price.entities + masks * price.masks;
}

/** What an answer cost. */
export const Charge = z.object({
  /** The amount in US dollars, as a decimal string. 0 for a test key. It never exceeds what was reserved. */
  amount_usd: UsdAmount,
  /** What was delivered. */
  units: Units,
  /**
   * What the account had when the request began, in US dollars, without this charge and without what requests that ran
   * then had reserved; null where a payment came with the request.
   */
  balance_usd: z.nullable(UsdAmount),
});
export type Charge = z.infer<typeof Charge>;

/** The price of an operation, in US dollars. */
export const OperationPrice = z.object({
  operation: PaidOperation,
  /** For an answer. */
  call_usd: UsdAmount,
  /** For each entity that got a result. */
  entity_usd: UsdAmount,
  /** For each mask. */
  mask_usd: UsdAmount,
});
export type OperationPrice = z.infer<typeof OperationPrice>;

/** An operation's price as callers read it. */
export function operationPrice(operation: PaidOperation): OperationPrice {
  const { calls, entities, masks } = PRICES[operation];
  return { operation, call_usd: toUsd(calls), entity_usd: toUsd(entities), mask_usd: toUsd(masks) };
}

/** The price list. */
export const PricesAnswer = z.object({
  /** The currency of all amounts: US dollars. */
  currency: z.literal("USD"),
  /** One entry for each operation that costs something. */
  prices: z.array(OperationPrice),
});
export type PricesAnswer = z.infer<typeof PricesAnswer>;
