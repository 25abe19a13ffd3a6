import type { HealthAnswer } from "../../schemas/health.ts";

type Outcome = HealthAnswer["stages"][number]["last_outcomes"][number];

/** Outcomes kept for each stage. Set by hand: enough to tell an outage from a single failure. */
const KEPT = 10;

/** How the last calls of each stage ended, newest first. Kept in this isolate's memory. */
export class Outcomes {
  readonly #byStage = new Map<string, Outcome[]>();

  /** Add an outcome, and drop the oldest beyond the limit. */
  record(stage: string, outcome: Outcome): void {
    this.#byStage.set(stage, [outcome, ...this.of(stage)].slice(0, KEPT));
  }

  /** The stage's outcomes, newest first. */
  of(stage: string): Outcome[] {
    return this.#byStage.get(stage) ?? [];
  }
}
