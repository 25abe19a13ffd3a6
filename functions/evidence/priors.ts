import type { EntityType } from "../../schemas/primitives.ts";

/**
 * How often a name is visible in its post's picture, as `[visible names, all names]`: measured on the train split of
 * Twitter-GMNER v2.0 (Yu et al., ACL 2023), 7,000 posts, each name once per post (training/measure_priors.py).
 */
const BY_TYPE = { PER: [3246, 4993], LOC: [168, 1916], ORG: [820, 2995], OTHER: [462, 1801] } as const;
/** The same for the first, the second, and each later PER name of a post. */
const BY_ORDER = [
  [2730, 4033],
  [472, 867],
  [44, 93],
] as const;

/**
 * Least share of the picture of a named person: 99 % of the 3,639 boxes of PER names in that split are larger. Which of
 * two people is on the left, or larger, does not tell whose name comes first (176 and 167 of 330 posts), so neither is
 * used.
 */
export const SMALLEST_PERSON = 0.0066;

/** Prior probability that a name is visible. `order` counts the post's PER names from 0. */
export function priorOf(type: string | undefined, order: number): number {
  if (type === "PER") return share(BY_ORDER[Math.min(order, BY_ORDER.length - 1)] ?? BY_TYPE.PER);
  if (type && Object.hasOwn(BY_TYPE, type)) return share(BY_TYPE[type as EntityType]);
  const counts = Object.values(BY_TYPE);
  return share([counts.reduce((sum, [visible]) => sum + visible, 0), counts.reduce((sum, [, of]) => sum + of, 0)]);
}

/**
 * Bayes' rule in odds: prior odds × c / (1 - c), which takes the detector's score c for a likelihood ratio. Nothing was
 * fitted on labelled pictures, so the result is not calibrated.
 */
export function posterior(prior: number, confidence: number): number {
  const yes = prior * confidence;
  const no = (1 - prior) * (1 - confidence);
  return yes + no > 0 ? yes / (yes + no) : 0;
}

function share([visible, of]: readonly [number, number]): number {
  return visible / of;
}
