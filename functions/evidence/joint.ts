/** A name that may be visible. */
export interface JointName {
  /** Probability that the name is visible, before looking; less than 1. */
  readonly prior: number;
}

/** An object of the kind that the names have. */
export interface JointObject {
  /** How much likelier it is to find this object when it is a named one than when it is nobody's. */
  readonly likelihoodRatio: number;
  /** How much it stands out beside the others; more than 0. */
  readonly prominence: number;
}

/** What the joint probability says of one name. */
export interface JointFinding {
  /** The object that the most probable assignment gives the name; null for none. */
  readonly object: number | null;
  /** Probability that the name is visible, found or missed. */
  readonly visible: number;
  /** Probability that the name belongs to each object. */
  readonly at: readonly number[];
}

/** Most objects and names to weigh exactly: the most prominent and the likeliest. */
const MOST_OBJECTS = 8;
const MOST_NAMES = 16;

/**
 * The joint probability of who is who. Each name is absent, or present and missed by the detector, or one of the
 * objects; no object has two names. An assignment's weight is the product of its names' prior odds, the likelihood
 * ratios of the objects that they take, and the chance of taking them: the names choose one after another, the
 * likeliest first (ties in the order given), each among the objects left, in proportion to prominence (Plackett 1975,
 * Luce 1959).
 *
 * In the most probable assignment the likeliest name has the most prominent object. A less likely name that is added
 * never changes it. The marginal probabilities are exact: sums over all sets of taken objects.
 *
 * @param missed how much likelier it is that the detector misses a named one than that nobody is there to be found
 */
export function jointly(names: readonly JointName[], objects: readonly JointObject[], missed: number): JointFinding[] {
  const order = strongest(names, ({ prior }) => prior, MOST_NAMES);
  const kept = strongest(objects, ({ prominence }) => prominence, MOST_OBJECTS);
  const odds = order.map((name) => oddsOf(names[name]?.prior ?? 0));
  const ratios = kept.map((object) => objects[object]?.likelihoodRatio ?? 0);
  const prominences = kept.map((object) => objects[object]?.prominence ?? 0);
  const { at, visible } = marginals(odds, ratios, prominences, missed);
  const found: JointFinding[] = names.map(({ prior }) => {
    const without = missed * oddsOf(prior);
    return { object: null, visible: without / (1 + without), at: objects.map(() => 0) };
  });
  const free = [...kept];
  for (const [place, name] of order.entries()) {
    const [best] = free;
    const takes = best !== undefined && (odds[place] ?? 0) * (objects[best]?.likelihoodRatio ?? 0) > 1;
    if (takes) free.shift();
    const chances = objects.map((_, object) => {
      const column = kept.indexOf(object);
      return column < 0 ? 0 : (at[place]?.[column] ?? 0);
    });
    found[name] = { object: takes ? best : null, visible: visible[place] ?? 0, at: chances };
  }
  return found;
}

/** The indexes of the items with the highest values, highest first, ties in their order. */
function strongest<Item>(items: readonly Item[], rankOf: (item: Item) => number, most: number): number[] {
  return items
    .map((item, index) => ({ index, value: rankOf(item) }))
    .toSorted((a, b) => b.value - a.value || a.index - b.index)
    .slice(0, most)
    .map(({ index }) => index);
}

function oddsOf(probability: number): number {
  return probability / Math.max(Number.EPSILON, 1 - probability);
}

/**
 * Marginal probabilities by forward and backward sums over the sets of objects that the first names took.
 * @returns `at` [names × objects], and `visible` [names]
 */
function marginals(
  odds: readonly number[],
  ratios: readonly number[],
  prominences: readonly number[],
  missed: number,
): { at: number[][]; visible: number[] } {
  const sets = 2 ** ratios.length;
  const left = Float64Array.from({ length: sets }, (_, set) =>
    prominences.reduce((sum, prominence, object) => sum + (set & (1 << object) ? 0 : prominence), 0),
  );
  const weight = (name: number, object: number, set: number) =>
    ((odds[name] ?? 0) * (ratios[object] ?? 0) * (prominences[object] ?? 0)) / (left[set] ?? 1);
  const staying = (name: number) => 1 + missed * (odds[name] ?? 0);
  const forward = [new Float64Array(sets)];
  (forward[0] as Float64Array)[0] = 1;
  for (const name of odds.keys()) {
    const before = forward[name] as Float64Array;
    const after = before.map((value) => value * staying(name));
    eachChoice(sets, ratios.length, (set, object, next) => {
      after[next] = (after[next] ?? 0) + (before[set] ?? 0) * weight(name, object, set);
    });
    forward.push(after);
  }
  const at = odds.map(() => ratios.map(() => 0));
  const visible = odds.map(() => 0);
  let behind = new Float64Array(sets).fill(1);
  for (let name = odds.length - 1; name >= 0; name--) {
    const before = forward[name] as Float64Array;
    const chances = at[name] as number[];
    const sum = behind.map((value) => value * staying(name));
    eachChoice(sets, ratios.length, (set, object, next) => {
      const rest = weight(name, object, set) * (behind[next] ?? 0);
      chances[object] = (chances[object] ?? 0) + (before[set] ?? 0) * rest;
      sum[set] = (sum[set] ?? 0) + rest;
    });
    const present = chances.reduce((total, value) => total + value, 0);
    const elsewhere = before.reduce((total, value, set) => total + value * (behind[set] ?? 0), 0);
    const all = present + elsewhere * staying(name);
    visible[name] = (present + elsewhere * missed * (odds[name] ?? 0)) / all;
    at[name] = chances.map((value) => value / all);
    behind = sum;
  }
  return { at, visible };
}

function eachChoice(sets: number, objects: number, use: (set: number, object: number, next: number) => void): void {
  for (let set = 0; set < sets; set++) {
    for (let object = 0; object < objects; object++) {
      const bit = 1 << object;
      if (!(set & bit)) use(set, object, set | bit);
    }
  }
}
