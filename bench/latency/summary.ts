import type { TimedAnswer } from "../post.ts";
import { quantile } from "../statistics.ts";

/**
 * The figures of `npm run bench`, in milliseconds. `answer_over_models` is the median answer over the median sum of its
 * calls to models; it is below 1 when stages run at the same time.
 */
export interface LatencySummary extends Record<string, number> {
  readonly first_answer_ms: number;
  readonly posts: number;
  readonly p50_ms: number;
  readonly p95_ms: number;
  readonly answer_over_models: number;
}

/** @param answers those after the first */
export function summariseLatency(first: TimedAnswer, answers: readonly TimedAnswer[]): LatencySummary {
  const times = answers.map(({ ms }) => ms);
  const modelTimes = answers.map(({ answer }) => answer.stages.reduce((sum, { ms }) => sum + ms, 0));
  return {
    first_answer_ms: Math.round(first.ms),
    posts: answers.length,
    p50_ms: Math.round(quantile(times, 0.5)),
    p95_ms: Math.round(quantile(times, 0.95)),
    answer_over_models: Number((quantile(times, 0.5) / quantile(modelTimes, 0.5)).toFixed(2)),
  };
}
