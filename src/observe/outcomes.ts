import type { HealthAnswer } from "../../schemas/health.ts";

type Outcome = HealthAnswer["stages"][number]["last_outcomes"][number];

/** Outcomes kept for each stage. Set by hand: enough to tell a model that is down from one that stumbled. */
const KEPT = 10;

/** How the last calls of each stage ended, newest first, in this isolate's memory. */
export class Outcomes {
  readonly #byStage = new Map<string, Outcome[]>();

  record(stage: string, outcome: Outcome): void {
    this.#byStage.set(stage, [outcome, ...this.of(stage)].slice(0, KEPT));
  }

  of(stage: string): Outcome[] {
    return this.#byStage.get(stage) ?? [];
  }
}
