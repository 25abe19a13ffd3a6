import type { Process, Processes } from "../../accounts/model/processes.ts";
import type { Tape } from "../../accounts/model/tape.ts";

/** What may happen where a job reaches something outside. The first is what should. */
const FATES = [
  ...Array.from({ length: 16 }, () => "succeeds" as const),
  ...(["fails", "loses its reply", "dies before", "dies behind", "hangs"] as const),
] as const;

/** What a process reaches outside of itself. */
export type Outside = "model" | "host" | "account" | "webhook" | "store" | "picture";

/** The points at which a job reaches something outside: each waits to be chosen, and then meets its fate. */
export class Points {
  /** How often each fate was met, by what was reached. */
  readonly met = new Map<string, number>();
  /** Whether everything succeeds from now on. */
  isCalm = false;
  readonly #processes: Processes;
  readonly #tape: Tape;
  readonly #kill: (process: Process) => void;

  constructor(processes: Processes, tape: Tape, kill: (process: Process) => void) {
    this.#processes = processes;
    this.#tape = tape;
    this.#kill = kill;
  }

  /**
   * Has something done outside, once its step is chosen. Rejects with an `Error` when the request or its reply was
   * lost. Never ends where the process dies there, or nothing answers.
   */
  async reach<Answer>(process: Process, outside: Outside, work: () => Answer | Promise<Answer>): Promise<Answer> {
    await this.#processes.step(process);
    const fate = this.isCalm || this.#tape.isOver ? "succeeds" : this.#tape.pick(FATES);
    this.met.set(`${outside} ${fate}`, (this.met.get(`${outside} ${fate}`) ?? 0) + 1);
    if (fate === "fails") throw new Error(`the ${outside} could not be reached`);
    if (fate === "hangs") return never();
    if (fate === "dies before") {
      this.#kill(process);
      return never();
    }
    const answer = await work();
    if (fate === "loses its reply") throw new Error(`the reply of the ${outside} was lost`);
    if (fate === "dies behind") {
      this.#kill(process);
      return never();
    }
    return answer;
  }
}

const never = () => new Promise<never>(() => undefined);
