import { toUsd } from "../../schemas/money.ts";
import { untilAborted } from "../resilience/until-aborted.ts";
import { StageError } from "../stages/model.ts";

/** A model was not asked, because the request does not allow what the call may cost. */
export class OverBudget extends StageError {
  /** What the call may cost in nano-dollars; null when that is not known. */
  readonly most: number | null;
  /** What the request allows for all calls, in nano-dollars. */
  readonly limit: number;

  constructor(most: number | null, limit: number, left: number) {
    const detail =
      most === null
        ? "was not asked: what a call may cost is not known (MODEL_PRICES), and the request has a max_cost_usd"
        : `was not asked: a call may cost USD ${toUsd(most)}, and USD ${toUsd(left)} of max_cost_usd are left`;
    super("over_budget", detail);
    this.most = most;
    this.limit = limit;
  }
}

/** Money that is kept for one call. */
export interface Reservation {
  /**
   * Gives back what the call did not cost. Has to be called once, when the call has ended.
   *
   * @param cost in nano-dollars; null when it is not known: the whole reservation then counts as spent
   */
  settle(cost: number | null): void;
}

/**
 * The money that one request may spend on models, in nano-dollars. What a call may cost at most is reserved before it
 * is made, so that the costs never exceed the limit as long as no host charges more than the maximum.
 */
export class Budget {
  readonly #limit: number | null;
  #spent: number;
  #reserved = 0;
  readonly #waiting = new Set<() => void>();

  /**
   * @param limit in nano-dollars; null for none
   * @param spent by calls of an earlier process, in nano-dollars
   */
  constructor(limit: number | null, spent = 0) {
    this.#limit = limit;
    this.#spent = spent;
  }

  /** What the calls so far cost, in nano-dollars. */
  get spent(): number {
    return this.#spent;
  }

  /**
   * Reserves money for one call. Waits while calls that run may still give back enough. Throws `OverBudget` when the
   * call does not fit, and the signal's reason when it aborts.
   *
   * @param most that the call may cost, in nano-dollars; null when that is not known
   */
  async reserve(most: number | null, signal: AbortSignal): Promise<Reservation> {
    const limit = this.#limit;
    if (limit !== null) {
      for (;;) {
        signal.throwIfAborted();
        const left = limit - this.#spent;
        if (most === null || most > left) throw new OverBudget(most, limit, Math.max(0, left));
        if (most <= left - this.#reserved) break;
        await untilAborted(new Promise<void>((resolve) => this.#waiting.add(resolve)), signal);
      }
    }
    const reserved = most ?? 0;
    this.#reserved += reserved;
    return {
      settle: (cost) => {
        this.#reserved -= reserved;
        this.#spent += cost ?? reserved;
        for (const resolve of this.#waiting) resolve();
        this.#waiting.clear();
      },
    };
  }
}
