import { quantile } from "../statistics.ts";

/** How one post of a burst ended: every stage answered, some did, it was refused with 503, or anything else. */
export type Outcome = "whole" | "partial" | "refused" | "failed";

/** A post's outcome, how long it took, and the `Retry-After` of a refusal in seconds. */
export interface LoadAnswer {
  readonly outcome: Outcome;
  readonly ms: number;
  readonly retryAfter: number | null;
}

/** Sends one post. */
export type SendPost = (index: number) => Promise<LoadAnswer>;

/** What a burst of posts met, in counts and milliseconds. */
export interface BurstSummary extends Record<Outcome, number> {
  readonly concurrent: number;
  /** Of the whole answers. NaN when there is none. */
  readonly p50_ms: number;
  readonly p95_ms: number;
  /** From the start of the burst to the end of its last post. */
  readonly total_ms: number;
  /** The longest `Retry-After`, in seconds; 0 when no post was refused. */
  readonly retry_after_s: number;
  /** How long after the burst one more post is answered whole. That post waits when it is told to. */
  readonly recovered_ms: number;
}

/**
 * Sends posts at once and waits for all of them, then sends one more until its answer is whole.
 *
 * @param first index of the first post, so that every post has a picture of its own
 * @param wait resolves after so many milliseconds
 */
export async function runBurst(
  concurrent: number,
  first: number,
  send: SendPost,
  wait: (milliseconds: number) => Promise<unknown>,
): Promise<BurstSummary> {
  const started = performance.now();
  const answers = await Promise.all(Array.from({ length: concurrent }, (_, index) => send(first + index)));
  const ended = performance.now();
  await sendUntilWhole(first + concurrent, send, wait);
  const recovered_ms = performance.now() - ended;
  return { ...summarise(answers), total_ms: ended - started, recovered_ms };
}

/** Most times that one post is sent until it is whole. A service that takes more does not recover. */
const MOST_TRIES = 30;

/**
 * Sends a post again and again until its answer is whole. After a refusal it waits as long as `Retry-After` says.
 * Throws after too many tries.
 */
export async function sendUntilWhole(
  index: number,
  send: SendPost,
  wait: (milliseconds: number) => Promise<unknown>,
): Promise<void> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const { outcome, retryAfter } = await send(index);
    if (outcome === "whole") return;
    await wait((retryAfter ?? 0.1) * 1_000);
  }
  throw new Error(`no whole answer after ${MOST_TRIES} tries`);
}

function summarise(answers: readonly LoadAnswer[]): Omit<BurstSummary, "total_ms" | "recovered_ms"> {
  const count = (outcome: Outcome) => answers.filter((answer) => answer.outcome === outcome).length;
  const times = answers.flatMap(({ outcome, ms }) => (outcome === "whole" ? ms : []));
  return {
    concurrent: answers.length,
    whole: count("whole"),
    partial: count("partial"),
    refused: count("refused"),
    failed: count("failed"),
    p50_ms: quantile(times, 0.5),
    p95_ms: quantile(times, 0.95),
    retry_after_s: Math.max(0, ...answers.map(({ retryAfter }) => retryAfter ?? 0)),
  };
}
