import { setImmediate as nextEvents } from "node:timers/promises";
import type { Lane } from "./lane.ts";

/**
 * How long one job keeps the slot while others wait, in milliseconds, when it pauses often enough. Set by hand: a
 * one-word post waits at most this long behind each prediction before it.
 */
const QUANTUM_MS = 300;
/** How long a job of synchronous steps may keep other events (requests, answers) waiting, in milliseconds. */
const EVENTS_MS = 30;
/**
 * Most jobs that are away or come back: each may hold what it fetched. A further one waits in its place. Set by hand.
 */
const MOST_AWAY = 4;

/** What a job in the queue may do with its place. */
export interface Turn {
  /**
   * Call it between steps. When this job has had the slot for `QUANTUM_MS` and another waits, this one goes to the end
   * of its lane. Throws the signal's reason when it has aborted.
   */
  pause(): Promise<void>;
  /**
   * Wait for something that needs no processor, such as a download, without the slot. The job comes back at the head of
   * its lane, because it had its turn. Throws what `work` throws, or the signal's reason.
   */
  away<T>(work: () => Promise<T>): Promise<T>;
}

export type Pause = Turn["pause"];

/** A job that waits: `begin` gives it the slot. */
interface Waiting {
  readonly begin: () => void;
}

/**
 * Runs one job at a time, in the order of arrival. Posts with and without a picture wait in lanes of their own, which
 * take turns. A long job is cut into parts: it gives way at its pauses. The queue has no bound, because admission
 * decides who may join it.
 */
export class Queue {
  readonly #clock: () => number;
  readonly #waiting: Record<Lane, Waiting[]> = { text: [], picture: [] };
  #last: Lane = "picture";
  #isTaken = false;
  #away = 0;

  /** @param clock milliseconds that never go back */
  constructor(clock: () => number = () => performance.now()) {
    this.#clock = clock;
  }

  get busy(): boolean {
    return this.#isTaken;
  }

  /**
   * Run a job and return its result. When the signal aborts before the job's turn, the job does not begin, and `run`
   * throws the signal's reason.
   */
  async run<T>(job: (turn: Turn) => Promise<T>, lane: Lane, signal: AbortSignal): Promise<T> {
    let holds = false;
    let [since, sinceEvents] = [0, 0];
    const enter = async (place: "head" | "tail") => {
      await this.#enter(lane, place, signal);
      holds = true;
      since = sinceEvents = this.#clock();
    };
    const leave = () => {
      holds = false;
      this.#leave();
    };
    const turn: Turn = {
      pause: async () => {
        if (this.#clock() - sinceEvents >= EVENTS_MS) {
          await nextEvents();
          sinceEvents = this.#clock();
        }
        signal.throwIfAborted();
        if (this.#clock() - since < QUANTUM_MS || !this.#isAwaited()) return;
        leave();
        await enter("tail");
      },
      away: async (work) => {
        signal.throwIfAborted();
        if (this.#away >= MOST_AWAY) return work();
        this.#away++;
        leave();
        return work().finally(() => enter("head").finally(() => this.#away--));
      },
    };
    await enter("tail");
    try {
      return await job(turn);
    } finally {
      if (holds) leave();
    }
  }

  #isAwaited(): boolean {
    return this.#waiting.text.length + this.#waiting.picture.length > 0;
  }

  /** The slot passes to the next job in the queue, of the other lane if it has one, or becomes free. */
  #leave(): void {
    const other = this.#last === "text" ? "picture" : "text";
    const lane = this.#waiting[other].length > 0 ? other : this.#last;
    const next = this.#waiting[lane].shift();
    if (next) {
      this.#last = lane;
      next.begin();
    } else this.#isTaken = false;
  }

  #enter(lane: Lane, place: "head" | "tail", signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.reject(signal.reason);
    if (!this.#isTaken) {
      this.#isTaken = true;
      this.#last = lane;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const waiting = this.#waiting[lane];
      const quit = () => {
        waiting.splice(waiting.indexOf(entry), 1);
        reject(signal.reason);
      };
      const entry = {
        begin: () => {
          signal.removeEventListener("abort", quit);
          resolve();
        },
      };
      signal.addEventListener("abort", quit, { once: true });
      if (place === "head") waiting.unshift(entry);
      else waiting.push(entry);
    });
  }
}
