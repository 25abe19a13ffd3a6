import type { HealthAnswer } from "../../schemas/health.ts";

type Outcome = HealthAnswer["stages"][number]["last_outcomes"][number];

/** Outcomes kept for each stage. Set by hand: enough to tell an outage from a single failure. */
const KEPT = 10;

/**
 * From this many milliseconds on, a call that waits while none of its stage succeeds is a sign of trouble. Set by hand:
 * most calls take less, a cold start takes more.
 */
const LONG_WAIT_MS = 5_000;

/** How the last calls of each stage ended, newest first, and which still wait. Kept in this isolate's memory. */
export class Outcomes {
  readonly #byStage = new Map<string, Outcome[]>();
  /** By stage: the calls that still wait, each with the Unix time in milliseconds at which it began. */
  readonly #waiting = new Map<string, Set<{ readonly since: number }>>();

  /**
   * Notes that a call of a stage begins. Call the returned function when it ends.
   *
   * @param since Unix time in milliseconds
   */
  begin(stage: string, since: number): () => void {
    const calls = this.#waiting.get(stage) ?? new Set();
    this.#waiting.set(stage, calls);
    const call = { since };
    calls.add(call);
    return () => void calls.delete(call);
  }

  /** Add an outcome, and drop the oldest beyond the limit. */
  record(stage: string, outcome: Outcome): void {
    this.#byStage.set(stage, [outcome, ...this.of(stage)].slice(0, KEPT));
  }

  /** The stage's outcomes, newest first. */
  of(stage: string): Outcome[] {
    return this.#byStage.get(stage) ?? [];
  }

  /**
   * The stage's calls that still wait: how many, and for how long the first of them.
   *
   * @param now Unix time in milliseconds
   */
  waiting(stage: string, now: number): { readonly calls: number; readonly longest_ms: number | null } {
    const times = [...(this.#waiting.get(stage) ?? [])].map(({ since }) => since);
    return { calls: times.length, longest_ms: times.length > 0 ? Math.max(0, now - Math.min(...times)) : null };
  }

  /**
   * Whether a stage is in trouble: its last call failed, or a call waits for long and none has succeeded meanwhile.
   *
   * @param now Unix time in milliseconds
   */
  isFailing(stage: string, now: number): boolean {
    const outcomes = this.of(stage);
    if (outcomes[0]?.ok === false) return true;
    const { longest_ms } = this.waiting(stage, now);
    if (longest_ms === null || longest_ms < LONG_WAIT_MS) return false;
    return !outcomes.some(({ ok, at, ms }) => ok && Date.parse(at) + ms >= now - longest_ms);
  }
}
