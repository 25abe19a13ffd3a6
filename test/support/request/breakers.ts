import { Breakers, type Pass } from "../../../src/resilience/breakers.ts";

/** Failures one after another that open a breaker, and how long it then lets nobody through at least. */
const [OPENING_FAILURES, LEAST_OPEN_MS] = [5, 1_000];

/** Breakers, and a second account of when each of them has to be open. */
export class WatchedBreakers extends Breakers {
  /** The breakers that let a call through while they had to be open. */
  readonly intrusions: string[] = [];
  readonly #failures = new Map<string, number>();
  readonly #opened = new Map<string, number>();
  readonly #now: () => number;

  constructor(clock: () => number) {
    super(clock);
    this.#now = clock;
  }

  override enter(key: string): Pass | null {
    const pass = super.enter(key);
    const opened = this.#opened.get(key);
    if (pass && opened !== undefined && this.#now() < opened + LEAST_OPEN_MS) this.intrusions.push(key);
    return (
      pass && {
        isProbe: pass.isProbe,
        end: (verdict) => {
          pass.end(verdict);
          if (verdict === "neutral") return;
          const failures = verdict === "failure" ? (this.#failures.get(key) ?? 0) + 1 : 0;
          this.#failures.set(key, failures);
          if (verdict === "success") this.#opened.delete(key);
          else if (failures === OPENING_FAILURES) this.#opened.set(key, this.#now());
        },
      }
    );
  }
}
