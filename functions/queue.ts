import { setImmediate as nextEvents } from "node:timers/promises";
import type { Lane } from "./lane.ts";

/**
 * How long one job keeps the slot while others wait, in milliseconds, when it pauses often enough. Set by hand: a
 * one-word post waits at most this long behind each prediction before it.
 */
const QUANTUM_MS = 300;
/**
 * How long a prediction may have the slot in all before its post loses its place in the order, in milliseconds. Within
 * it, posts end in the order in which they came; beyond it, they take turns. Set by hand: about what an ordinary
 * prediction takes when every stage is busy.
 */
const ORDINARY_MS: Readonly<Record<Lane, number>> = { text: 300, picture: 2_000 };
/** How long a job of synchronous steps may keep other events (requests, answers) waiting, in milliseconds. */
const EVENTS_MS = 30;
/**
 * Most jobs that are away or come back: each may hold what it fetched. A further one waits in its place. Set by hand.
 */
const MOST_AWAY = 4;

/** What a job in the queue may do with its place. */
export interface Turn {
  /**
   * Call it between steps. When this job has had the slot for `QUANTUM_MS`, the other lane gets it, or an earlier post
   * of this lane; after `ORDINARY_MS` in all, any post that waits. Throws the signal's reason when it has aborted.
   */
  pause(): Promise<void>;
  /**
   * Wait for something that needs no processor, such as a download, without the slot. Its place in the
   * order stays. Throws what `work` throws, or the signal's reason.
   */
  away<T>(work: () => Promise<T>): Promise<T>;
  /** Whether no other job waits: work that may be in vain then takes nobody's time. */
  isAlone(): boolean;
}

export type Pause = Turn["pause"];

/** Where a job stands: its lane, and the time by which it is ordered there. All jobs of a post share one place. */
export interface Place {
  readonly lane: Lane;
  order: number;
}

/** A job that waits: `begin` gives it the slot. */
interface Waiting {
  readonly place: Place;
  readonly begin: () => void;
}

/**
 * Runs one job at a time, in the order of its posts' arrival: what a post needs later comes before the first work of
 * later posts, so that posts end one after another instead of all at the end. Posts with and without a picture wait in
 * lanes of their own, which take turns. A long job is cut into parts: it gives way at its pauses. The queue has no
 * bound, because admission decides who may join it.
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
  async run<T>(job: (turn: Turn) => Promise<T>, place: Place, signal: AbortSignal): Promise<T> {
    let holds = false;
    let [since, sinceEvents, used] = [0, 0, 0];
    const enter = async () => {
      await this.#enter(place, signal);
      holds = true;
      since = sinceEvents = this.#clock();
    };
    const leave = () => {
      holds = false;
      used += this.#clock() - since;
      this.#leave();
    };
    const turn: Turn = {
      isAlone: () => !this.#isAwaited(),
      pause: async () => {
        if (this.#clock() - sinceEvents >= EVENTS_MS) {
          await nextEvents();
          sinceEvents = this.#clock();
        }
        signal.throwIfAborted();
        if (this.#clock() - since < QUANTUM_MS || !this.#isAwaited()) return;
        if (used + this.#clock() - since >= ORDINARY_MS[place.lane]) place.order = this.#clock();
        // It waits before it leaves, so that it may be its own successor.
        const again = enter();
        leave();
        await again;
      },
      away: async (work) => {
        signal.throwIfAborted();
        if (this.#away >= MOST_AWAY) return work();
        this.#away++;
        leave();
        return work().finally(() => enter().finally(() => this.#away--));
      },
    };
    await enter();
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

  #enter(place: Place, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.reject(signal.reason);
    if (!this.#isTaken) {
      this.#isTaken = true;
      this.#last = place.lane;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const waiting = this.#waiting[place.lane];
      const quit = () => {
        waiting.splice(waiting.indexOf(entry), 1);
        reject(signal.reason);
      };
      const entry = {
        place,
        begin: () => {
          signal.removeEventListener("abort", quit);
          resolve();
        },
      };
      signal.addEventListener("abort", quit, { once: true });
      const later = waiting.findIndex((other) => other.place.order > place.order);
      waiting.splice(later < 0 ? waiting.length : later, 0, entry);
    });
  }
}
