import { seededRandom } from "./random.ts";
import { f1Of } from "./ratios.ts";
import { PARTS, totalOf } from "./tally.ts";

/** Every run draws the same posts, so that a score has one interval. */
const SEED = 20_240_726;
/** The share of resamples that an interval covers. */
const LEVEL = 0.95;

/** Where F1 lies in 95 % of the resamples of the posts (percentile bootstrap). */
export interface Interval {
  readonly low: number;
  readonly high: number;
  readonly level: number;
  readonly resamples: number;
}

/** How the F1 of two systems on the same posts differ. */
export interface Comparison {
  /** The F1 of the second less that of the first. */
  readonly difference: number;
  /**
   * How often chance alone, which swaps the two systems' answers to each post or not, gives as great a difference; null
   * without trials.
   */
  readonly p: number | null;
  readonly trials: number;
}

/**
 * The confidence interval of each series' F1. All series are resampled together. An interval is null where F1 is.
 *
 * @param series the counts of each, as a tally has them, all of the same posts
 */
export function bootstrapIntervals(series: readonly Int32Array[], resamples: number): Array<Interval | null> {
  const posts = (series[0]?.length ?? 0) / PARTS;
  if (posts === 0 || resamples === 0) return series.map(() => null);
  const { counts, groupOf, groups } = groupsOf(series);
  const random = seededRandom(SEED);
  const weights = new Int32Array(groups);
  const samples = series.map(() => new Float64Array(resamples));
  for (let sample = 0; sample < resamples; sample++) {
    weights.fill(0);
    for (let draw = 0; draw < posts; draw++) (weights[groupOf[Math.floor(random() * posts)] ?? 0] as number)++;
    for (const [index, f1] of f1sOf(counts, weights).entries()) (samples[index] as Float64Array)[sample] = f1;
  }
  return samples.map((values, index) => {
    const { right, predicted, gold } = totalOf(series[index] ?? new Int32Array());
    if (f1Of(right, predicted, gold) === null) return null;
    const sorted = values.toSorted();
    const at = (share: number) => sorted[Math.min(resamples - 1, Math.floor(share * resamples))] ?? 0;
    return { low: at((1 - LEVEL) / 2), high: at((1 + LEVEL) / 2), level: LEVEL, resamples };
  });
}

/**
 * Compares two systems by approximate randomization (Noreen 1989; Yeh, COLING 2000), post by post. Where one has more
 * posts, the other has nothing there.
 *
 * @returns for each series the comparison, null where an F1 is null
 */
export function compareSystems(
  first: readonly Int32Array[],
  second: readonly Int32Array[],
  trials: number,
): Array<Comparison | null> {
  const length = Math.max(...[...first, ...second].map((counts) => counts.length), 0);
  const filled = (counts: Int32Array) => {
    const all = new Int32Array(length);
    all.set(counts);
    return all;
  };
  const [a, b] = [first.map(filled), second.map(filled)];
  const totals = [a, b].map((system) => Float64Array.from(system.flatMap((counts) => Object.values(totalOf(counts)))));
  const [totalA = new Float64Array(), totalB = new Float64Array()] = totals;
  // What a swap of a post adds to the first system and takes from the second.
  const { counts, groupOf, groups } = groupsOf(
    a.map((own, index) => own.map((count, at) => (b[index]?.[at] ?? 0) - count)),
  );
  const differenceWith = (moved: Float64Array) =>
    first.map((_, index) => {
      const f1With = (total: Float64Array, sign: number) => {
        const [right = 0, predicted = 0, gold = 0] = [0, 1, 2].map((part) => {
          const at = PARTS * index + part;
          return (total[at] ?? 0) + sign * (moved[at] ?? 0);
        });
        return f1Of(right, predicted, gold);
      };
      const [f1A, f1B] = [f1With(totalA, 1), f1With(totalB, -1)];
      return f1A === null || f1B === null ? null : f1B - f1A;
    });
  const observed = differenceWith(new Float64Array(totalA.length));
  const asGreat = first.map(() => 0);
  const random = seededRandom(SEED);
  const swapped = new Int32Array(groups);
  for (let trial = 0; trial < trials; trial++) {
    swapped.fill(0);
    for (const group of groupOf) if (random() < 0.5) (swapped[group] as number)++;
    for (const [index, difference] of differenceWith(sumsOf(counts, swapped)).entries()) {
      // A rounding error must not make an equal difference a smaller one.
      if (Math.abs(difference ?? 0) >= Math.abs(observed[index] ?? 0) - 1e-12)
        asGreat[index] = (asGreat[index] ?? 0) + 1;
    }
  }
  return observed.map((difference, index) =>
    difference === null
      ? null
      : { difference, p: trials > 0 ? ((asGreat[index] ?? 0) + 1) / (trials + 1) : null, trials },
  );
}

/** Posts that have the same counts in all series are one group. */
interface Groups {
  /** The counts of a post of each group: right, predicted and gold of each series, one group after another. */
  readonly counts: Int32Array;
  readonly groupOf: Int32Array;
  readonly groups: number;
}

/** So a resample adds up some hundred groups instead of all posts. */
function groupsOf(series: readonly Int32Array[]): Groups {
  const posts = (series[0]?.length ?? 0) / PARTS;
  const known = new Map<string, number>();
  const counts: number[] = [];
  const groupOf = new Int32Array(posts);
  const own = new Int32Array(PARTS * series.length);
  for (let post = 0; post < posts; post++) {
    for (const [index, all] of series.entries())
      for (let part = 0; part < PARTS; part++) own[PARTS * index + part] = all[PARTS * post + part] ?? 0;
    const key = own.join();
    const group = known.get(key) ?? known.size;
    if (group === known.size) counts.push(...own);
    known.set(key, group);
    groupOf[post] = group;
  }
  return { counts: Int32Array.from(counts), groupOf, groups: known.size };
}

/** The counts of all series when each group is taken as often as its weight says. */
function sumsOf(counts: Int32Array, weights: Int32Array): Float64Array {
  const size = weights.length > 0 ? counts.length / weights.length : 0;
  const sums = new Float64Array(size);
  for (let group = 0, at = 0; group < weights.length; group++, at += size) {
    const weight = weights[group] ?? 0;
    if (weight === 0) continue;
    for (let part = 0; part < size; part++) sums[part] = (sums[part] ?? 0) + weight * (counts[at + part] ?? 0);
  }
  return sums;
}

function f1sOf(counts: Int32Array, weights: Int32Array): Float64Array {
  const sums = sumsOf(counts, weights);
  return Float64Array.from({ length: sums.length / PARTS }, (_, index) => {
    const [right = 0, predicted = 0, gold = 0] = sums.subarray(PARTS * index, PARTS * (index + 1));
    return f1Of(right, predicted, gold) ?? 0;
  });
}
