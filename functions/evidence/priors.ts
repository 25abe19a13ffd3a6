import type { EntityType } from "../../schemas/primitives.ts";

/**
 * How often a name can be seen in its post's picture: measured by training/measure_priors.py on the train split of
 * Twitter-GMNER v2.0 (Yu et al., ACL 2023), 7,000 posts, a name counted once a post. `[visible, of]`.
 */
const BY_TYPE = { PER: [3246, 4993], LOC: [168, 1916], ORG: [820, 2995], OTHER: [462, 1801] } as const;
/** The same for a post's first, second, and third or later PER name. */
const BY_ORDER = [
  [2730, 4033],
  [472, 867],
  [44, 93],
] as const;

/**
 * Share of the picture below which a person is a passer-by: 99 % of the 3,639 boxes of PER names in that split are
 * larger. Who stands left or is larger tells nothing about which of two names is whose (first-named left: 176 of 330
 * posts; larger: 167), so it is not used.
 */
export const SMALLEST_PERSON = 0.0066;

/** Probability that a name is visible, before its picture is looked at. `order` counts the post's PER names from 0. */
export function priorOf(type: string | undefined, order: number): number {
  if (type === "PER") return share(BY_ORDER[Math.min(order, BY_ORDER.length - 1)] ?? BY_TYPE.PER);
  if (type && Object.hasOwn(BY_TYPE, type)) return share(BY_TYPE[type as EntityType]);
  const counts = Object.values(BY_TYPE);
  return share([counts.reduce((sum, [visible]) => sum + visible, 0), counts.reduce((sum, [, of]) => sum + of, 0)]);
}

/**
 * Bayes' rule in odds, the detector's confidence c read as the likelihood ratio c / (1 - c): prior odds × c / (1 - c).
 * Nothing was fitted on labelled pictures, so the result is not calibrated.
 */
export function posterior(prior: number, confidence: number): number {
  const yes = prior * confidence;
  const no = (1 - prior) * (1 - confidence);
  return yes + no > 0 ? yes / (yes + no) : 0;
}

function share([visible, of]: readonly [number, number]): number {
  return visible / of;
}
