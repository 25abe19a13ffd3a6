import { toUsd } from "../../../schemas/money.ts";
import type { Usage } from "../../providers/usage.ts";

/** How a host charges for calls of a model, in nano-dollars. Absent parts cost nothing. */
export interface Price {
  /** For each call. */
  readonly call?: number;
  /** For each token of the prompt. */
  readonly inputToken?: number;
  /** For each token of the reply. */
  readonly outputToken?: number;
  /** For each second. */
  readonly second?: number;
  /** The most that one call can cost, where its parts do not give that. */
  readonly most?: number;
}

/** Prices that the operator configured, by entry. */
export type ModelPrices = ReadonlyMap<string, Price>;

/** The price of models that run on the operator's own machine. */
export const FREE: Price = { call: 0 };

const BILLION = 1_000_000_000;

/**
 * What a call cost in nano-dollars, rounded up; null when what the host reported is not enough to know it.
 *
 * @param price null when none is known
 */
export function costOf(price: Price | null, { inputTokens, outputTokens, seconds, costUsd }: Usage): number | null {
  if (costUsd !== undefined) return Math.ceil(round(costUsd * BILLION));
  if (price === null) return null;
  const parts = [
    [price.call, 1],
    [price.inputToken, inputTokens],
    [price.outputToken, outputTokens],
    [price.second, seconds],
  ] as const;
  const known = parts.filter(([rate]) => rate !== undefined);
  if (known.length === 0) return null;
  // A model that costs nothing needs no report.
  const costs = known.map(([rate, amount]) => (rate === 0 ? 0 : amount === undefined ? null : Number(rate) * amount));
  return costs.includes(null) ? null : Math.ceil(round(costs.reduce<number>((sum, cost) => sum + Number(cost), 0)));
}

/**
 * The most that a call can cost in nano-dollars; null when that is not known.
 *
 * @param most of each amount that the host may report; an absent one has no known maximum
 */
export function mostCostOf(price: Price | null, most: Usage): number | null {
  if (price?.most !== undefined) return price.most;
  return costOf(price, most);
}

/** Without the error of binary fractions: 0.0005 dollars are 500,000 nano-dollars, and not one more. */
function round(nanoDollars: number): number {
  return Number(nanoDollars.toFixed(3));
}

/** A price in words, without its source. */
export function priceInWords({ call, inputToken, outputToken, second }: Price): string {
  const perMillion = (rate: number) => toUsd(Math.round(rate * 1_000_000));
  const words = [
    call === undefined ? [] : call === 0 ? ["nothing"] : [`USD ${toUsd(call)} a call`],
    inputToken === undefined ? [] : [`USD ${perMillion(inputToken)} a million tokens in`],
    outputToken === undefined ? [] : [`${perMillion(outputToken)} a million out`],
    second === undefined ? [] : [`USD ${toUsd(Math.round(second))} a second`],
  ];
  return words.flat().join(", ");
}
