import { NOON } from "../account.ts";
import type { Tape } from "./tape.ts";

/** Something that may end between any two of its steps: a request of the Worker, or an object of an account. */
export interface Process {
  hasEnded: boolean;
  /** Is told when it ends without having come to its end. */
  atEnd?: () => void;
}

/** A step that waits to be chosen. */
interface Step {
  /** The process that goes on with it; null for a message on its way, which arrives although its sender ended. */
  readonly process: Process | null;
  readonly run: () => void;
}

/** What may happen to a message. The first is what should. */
const FATES = [...Array.from({ length: 14 }, () => "arrives" as const), "is lost", "is late"] as const;

/** The steps of many processes in the order that the tape chooses, and a clock that moves only when it is told to. */
export class Processes {
  now = NOON;
  readonly #tape: Tape;
  #steps: Step[] = [];
  #timers: Array<{ readonly at: number; readonly process: Process; readonly fire: () => void }> = [];

  constructor(tape: Tape) {
    this.#tape = tape;
  }

  get waiting(): number {
    return this.#live().length;
  }

  /** Resolves when the step is chosen. */
  step(process: Process): Promise<void> {
    return new Promise((run) => this.#steps.push({ process, run }));
  }

  /** Does one of the steps that wait. */
  async go(index: number): Promise<void> {
    this.#steps = this.#live();
    const [step] = this.#steps.splice(index % Math.max(1, this.#steps.length), 1);
    step?.run();
    await settled();
  }

  /**
   * Asks something that is elsewhere. Question and answer are messages: each may be lost, and the question may arrive
   * after the asker has given up.
   */
  ask<Answer>(process: Process, answerOf: () => Promise<Answer>): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const respond = (run: () => void) => this.#steps.push({ process, run });
      const lost = () => reject(new Error("the connection was lost"));
      const arrive = () =>
        answerOf().then(
          (answer) => respond(() => (this.#fate() === "is lost" ? lost() : resolve(answer))),
          (error) => respond(() => reject(error)),
        );
      const send = () => {
        const fate = this.#fate();
        if (fate === "arrives") return void arrive();
        respond(lost);
        if (fate === "is late") this.#steps.push({ process: null, run: () => void arrive() });
      };
      this.#steps.push({ process: null, run: send });
    });
  }

  readonly timer = (process: Process, milliseconds: number): AbortSignal => {
    const controller = new AbortController();
    const fire = () => controller.abort(new DOMException("The time is over.", "TimeoutError"));
    this.#timers.push({ at: this.now + milliseconds, process, fire });
    return controller.signal;
  };

  readonly sleep = (process: Process, milliseconds: number): Promise<void> =>
    new Promise((fire) => this.#timers.push({ at: this.now + milliseconds, process, fire }));

  /** When the next timer is due; null when none is. */
  nextTimer(): number | null {
    const ats = this.#timers.filter(({ process }) => !process.hasEnded).map(({ at }) => at);
    return ats.length === 0 ? null : Math.min(...ats);
  }

  /** Lets time pass: timers go off in order. */
  async pass(milliseconds: number): Promise<void> {
    const end = this.now + milliseconds;
    for (let next = this.nextTimer(); next !== null && next <= end; next = this.nextTimer()) {
      this.now = Math.max(this.now, next);
      const due = this.#timers.filter(({ at }) => at <= this.now);
      this.#timers = this.#timers.filter(({ at }) => at > this.now);
      for (const { process, fire } of due) if (!process.hasEnded) fire();
      await settled();
    }
    this.now = end;
  }

  #live(): Step[] {
    return this.#steps.filter(({ process }) => process?.hasEnded !== true);
  }

  #fate(): (typeof FATES)[number] {
    return this.#tape.isOver ? "arrives" : this.#tape.pick(FATES);
  }
}

/** Resolves when nothing is left that happens by itself. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
