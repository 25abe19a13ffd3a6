import { quantile } from "../statistics.ts";
import type { LoadAnswer, SendPost } from "./burst.ts";

/** What posts met that were always so many at a time. */
export interface LoopSummary {
  readonly whole: number;
  /** Posts that were refused, or answered in part. */
  readonly others: number;
  /** Whole answers a second, from the first post to the last answer. */
  readonly perSecond: number;
  /** Of the whole answers, in milliseconds; NaN without any. */
  readonly p50: number;
  readonly p95: number;
}

/**
 * Sends posts so that always `concurrent` are in flight: whoever has its answer sends the next one, until all are sent.
 *
 * @param first index of the first post, so that every post has a picture of its own
 * @param clock milliseconds
 */
export async function closedLoop(
  { concurrent, posts, first }: { readonly concurrent: number; readonly posts: number; readonly first: number },
  send: SendPost,
  clock: () => number = () => performance.now(),
): Promise<LoopSummary> {
  const answers: LoadAnswer[] = [];
  const started = clock();
  let sent = 0;
  const sendAll = async () => {
    while (sent < posts) answers.push(await send(first + sent++));
  };
  await Promise.all(Array.from({ length: concurrent }, sendAll));
  const seconds = (clock() - started) / 1_000;
  const times = answers.filter(({ outcome }) => outcome === "whole").map(({ ms }) => ms);
  return {
    whole: times.length,
    others: posts - times.length,
    perSecond: times.length / seconds,
    p50: quantile(times, 0.5),
    p95: quantile(times, 0.95),
  };
}
