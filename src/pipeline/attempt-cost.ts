import { toNanoDollars } from "../../schemas/money.ts";
import type { StageRecord } from "../../schemas/recognize.ts";
import { StageError, type StageErrorCode, type Usage } from "../stages/model.ts";
import { costOf, type Price } from "../stages/prices/price.ts";

/** Codes of attempts that no host charges, because none of the work was done. */
const UNCHARGED: ReadonlySet<StageErrorCode> = new Set([
  "network",
  "busy",
  "rate_limited",
  "not_ready",
  "unauthorized",
  "rejected",
  "not_found",
]);

/**
 * The cost of one attempt in nano-dollars; null when it is not known. An attempt that failed but may have been charged
 * costs the price of a call.
 *
 * @param usages what the host reported, in parts
 * @param answer the model's output, or the error
 */
export function attemptCost(price: Price | null, usages: readonly Usage[], answer: unknown): number | null {
  const costs = (usages.length > 0 ? usages : [{}]).map((usage) => costOf(price, usage));
  const isUncharged = answer instanceof StageError && UNCHARGED.has(answer.code) && !answer.charged;
  if (usages.length === 0 && isUncharged) return price === null ? null : 0;
  return addCosts(costs);
}

/** The sum of costs; null when one of them is not known. */
export function addCosts(costs: readonly (number | null)[]): number | null {
  return costs.reduce<number | null>((sum, cost) => (sum === null || cost === null ? null : sum + cost), 0);
}

/** What all calls of a run cost, in nano-dollars; null where that is not known of one. */
export function costOfStages(stages: readonly Pick<StageRecord, "cost_usd">[]): number | null {
  return addCosts(stages.map(({ cost_usd }) => (cost_usd === null ? null : toNanoDollars(cost_usd))));
}
