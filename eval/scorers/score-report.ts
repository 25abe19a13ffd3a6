import { type Confusion, confusionOf } from "./confusion.ts";
import { type ErrorBudget, errorBudget } from "./error-budget.ts";
import type { Coverage } from "./pair-posts.ts";
import { DEFINITION } from "./protocols/definition.ts";
import { MASK_ANY } from "./protocols/masks.ts";
import type { Protocol, Task } from "./protocols/protocol.ts";
import { RIVEG } from "./protocols/riveg.ts";
import { type Rates, ratesOf } from "./rates.ts";
import { type Ratios, ratiosOf } from "./ratios.ts";
import { bootstrapIntervals, type Comparison, compareSystems, type Interval } from "./resampling.ts";
import { refusalOf, type ScoreRequest, type Series } from "./score-pairs.ts";
import { totalOf } from "./tally.ts";

/** Something of each task of each protocol. */
type EachSeries<Value> = Record<string, Partial<Record<Task, Value>>>;

/** What `npm run eval -- score --json` prints. */
export interface ScoreReport {
  readonly gold: { readonly format: string; readonly posts: number; readonly entities: number };
  readonly predictions: { readonly format: string; readonly posts: number; readonly entities: number };
  /** Fractions from 0 to 1; null where a task was not scored. For SMNER also the mean IoU. */
  readonly protocols: EachSeries<(Ratios & { readonly mean_iou?: number | null }) | null>;
  /** Why a score is null. */
  readonly reasons: EachSeries<string>;
  readonly intervals: EachSeries<Interval | null>;
  readonly by_type: EachSeries<Record<string, Ratios>>;
  /** With `--compare`: the second system, and how it differs. */
  readonly comparison: {
    readonly protocols: ScoreReport["protocols"];
    readonly differences: EachSeries<Comparison | null>;
    readonly coverage: Coverage;
  } | null;
  readonly confusion: Confusion;
  readonly coverage: Coverage;
  readonly rates: Rates;
  readonly error_budget: readonly ErrorBudget[];
  readonly notes: readonly string[];
}

/** A system that was scored. */
export interface Scored {
  readonly request: ScoreRequest;
  readonly series: readonly Series[];
}

/**
 * Everything that is reported of a system, and of a second one beside it.
 *
 * @param resamples how often the posts are drawn for intervals and for the comparison; 0 for neither
 */
export function scoreReport({ request, series }: Scored, compared: Scored | null, resamples: number): ScoreReport {
  const { gold, predictions, pairing } = request;
  const counted = series.filter(isCounted);
  const intervals = bootstrapIntervals(
    counted.map(({ tally }) => tally.counts),
    resamples,
  );
  const typed = counted.filter(({ task }) => task !== "eeg");
  const byOffsets = pairing.offsets === undefined;
  const entitiesOf = (posts: typeof gold.posts) => posts.reduce((sum, { entities }) => sum + entities.length, 0);
  return {
    gold: { format: gold.kind, posts: gold.posts.length, entities: entitiesOf(gold.posts) },
    predictions: {
      format: predictions.kind,
      posts: predictions.posts.length,
      entities: entitiesOf(predictions.posts),
    },
    protocols: scoresOf(series),
    reasons: reasonsOf(series),
    intervals: eachSeries(counted, (_, index) => intervals[index] ?? null),
    by_type: eachSeries(typed, ({ tally }) => tally.byType),
    comparison: compared && comparisonOf(series, compared, resamples),
    confusion: confusionOf(pairing.pairs, byOffsets),
    coverage: pairing.coverage,
    rates: ratesOf(pairing.pairs, byOffsets, gold.missing.regions ?? predictions.missing.regions),
    error_budget: budgetsOf(request),
    notes: pairing.notes,
  };
}

type Counted = Extract<Series, { reason: null }>;

function isCounted(one: Series): one is Counted {
  return one.tally !== null;
}

function eachSeries<Some extends Series, Value>(
  series: readonly Some[],
  find: (one: Some, index: number) => Value,
): EachSeries<Value> {
  const each: EachSeries<Value> = {};
  for (const [index, one] of series.entries()) {
    each[one.protocol] = { ...each[one.protocol], [one.task]: find(one, index) };
  }
  return each;
}

function scoresOf(series: readonly Series[]): ScoreReport["protocols"] {
  return eachSeries(series, ({ tally, task }) => {
    if (!tally) return null;
    const ratios = ratiosOf(totalOf(tally.counts));
    return task === "smner" ? { ...ratios, mean_iou: tally.meanIou } : ratios;
  });
}

function reasonsOf(series: readonly Series[]): EachSeries<string> {
  const reasonOf = (one: Series): string | null => {
    if (!isCounted(one)) return one.reason;
    const { predicted, gold } = totalOf(one.tally.counts);
    const lacks = [predicted === 0 && "nothing was predicted", gold === 0 && "gold has no entity"];
    return lacks.filter(Boolean).join(" and ") || null;
  };
  return eachSeries(
    series.filter((one) => reasonOf(one) !== null),
    (one) => reasonOf(one) ?? "",
  );
}

function comparisonOf(series: readonly Series[], second: Scored, trials: number): ScoreReport["comparison"] {
  // What only one of the two can be scored by cannot be compared.
  const both = series.flatMap((one, index) => {
    const other = second.series[index];
    return isCounted(one) && other && isCounted(other) ? [{ one, other }] : [];
  });
  const countsOf = (some: readonly Counted[]) => some.map(({ tally }) => tally.counts);
  const differences = compareSystems(
    countsOf(both.map(({ one }) => one)),
    countsOf(both.map(({ other }) => other)),
    trials,
  );
  return {
    protocols: scoresOf(second.series),
    differences: eachSeries(
      both.map(({ one }) => one),
      (_, index) => differences[index] ?? null,
    ),
    coverage: second.request.pairing.coverage,
  };
}

/** By the definition where offsets are known, else by RiVEG's protocol; for masks, by any gold mask. */
function budgetsOf(request: ScoreRequest): ErrorBudget[] {
  const protocols: ReadonlyArray<readonly [Protocol, Task]> = [
    [request.pairing.offsets === undefined ? DEFINITION : RIVEG, "gmner"],
    [MASK_ANY, "smner"],
  ];
  return protocols
    .filter(([protocol, task]) => request.tasks.includes(task) && refusalOf(protocol, task, request) === null)
    .map(([protocol, task]) => errorBudget(request.pairing.pairs, protocol, { ...request.options, task }));
}
