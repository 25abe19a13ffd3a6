/** What a call says about its model. A call that says nothing, such as one that was canceled, is neutral. */
export type Verdict = "success" | "failure" | "neutral";

/** A call that a breaker lets through. */
export interface Pass {
  /** Whether others are skipped until it ends. */
  readonly isProbe: boolean;
  /** Has to be called once, when the call has ended. */
  end(verdict: Verdict): void;
}

/** A model's breaker, as `/health` shows it. */
export interface BreakerState {
  readonly state: "closed" | "open" | "half_open";
  /** Failures since the last success. */
  readonly failures: number;
  /** Unix time in milliseconds from which the model is asked again; null while it is asked. */
  readonly retryAt: number | null;
}

/** Consecutive failures that open a breaker. Set by hand: a post with five names fails five times at most hosts. */
const OPENING_FAILURES = 5;
/**
 * How long a breaker is open at first, and at most, in milliseconds. Each probe that fails doubles the time. Set by
 * hand: a host that restarts is asked again within a second or two, and one that is down for long every half a minute.
 */
const [FIRST_OPEN_MS, LONGEST_OPEN_MS] = [1_000, 30_000];
/** A probe that has not ended after so many milliseconds was dropped by the runtime: no request lasts longer. */
const LONGEST_PROBE_MS = 30_000;

interface Breaker {
  failures: number;
  /** Null while closed. */
  openMs: number | null;
  /** Unix time in milliseconds at which the breaker opened last. */
  opened: number;
  /** Unix time in milliseconds at which the probe began; null when there is none. */
  probe: number | null;
}

/**
 * Circuit breakers, one for each model of a chain, in this isolate's memory (Nygard, "Release It!", 2007). A breaker
 * opens after consecutive failures: its model is then skipped at once. After a time it is half open: one call probes
 * the model, and closes the breaker or opens it for twice as long.
 */
export class Breakers {
  readonly #clock: () => number;
  readonly #breakers = new Map<string, Breaker>();

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** Lets a call through; null when the model is to be skipped. */
  enter(key: string): Pass | null {
    const breaker = this.#breakers.get(key) ?? { failures: 0, openMs: null, opened: 0, probe: null };
    this.#breakers.set(key, breaker);
    const now = this.#clock();
    if (breaker.openMs !== null && now < this.#retryAt(breaker, breaker.openMs)) return null;
    const isProbe = breaker.openMs !== null;
    if (isProbe) breaker.probe = now;
    return { isProbe, end: (verdict) => this.#end(breaker, verdict, isProbe ? now : null) };
  }

  state(key: string): BreakerState {
    const breaker = this.#breakers.get(key);
    if (!breaker || breaker.openMs === null)
      return { state: "closed", failures: breaker?.failures ?? 0, retryAt: null };
    const { failures, openMs, opened } = breaker;
    const isHalfOpen = this.#clock() >= opened + openMs;
    return { state: isHalfOpen ? "half_open" : "open", failures, retryAt: this.#retryAt(breaker, openMs) };
  }

  /** When a call is let through again. */
  #retryAt({ opened, probe }: Breaker, openMs: number): number {
    return Math.max(opened + openMs, probe === null ? 0 : probe + LONGEST_PROBE_MS);
  }

  /** @param probe when the call began, if it was a probe */
  #end(breaker: Breaker, verdict: Verdict, probe: number | null): void {
    const isCurrent = probe !== null && breaker.probe === probe;
    if (isCurrent) breaker.probe = null;
    if (verdict === "neutral") return;
    if (verdict === "success") {
      Object.assign(breaker, { failures: 0, openMs: null, probe: null });
      return;
    }
    breaker.failures++;
    // A call from before the breaker opened says nothing new.
    const opens = breaker.openMs === null ? breaker.failures >= OPENING_FAILURES : isCurrent;
    if (!opens) return;
    breaker.openMs = breaker.openMs === null ? FIRST_OPEN_MS : Math.min(LONGEST_OPEN_MS, 2 * breaker.openMs);
    breaker.opened = this.#clock();
  }
}
