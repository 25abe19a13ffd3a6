/** Thrown by `run` when the queue is full. The job does not run. */
export class QueueFull extends Error {}

/** Runs jobs in the order of arrival, `concurrency` at a time, with at most `waiting` in the queue. */
export class Queue {
  readonly #concurrency: number;
  readonly #waiting: number;
  readonly #queue: Array<() => void> = [];
  #running = 0;

  constructor(concurrency: number, waiting: number) {
    this.#concurrency = concurrency;
    this.#waiting = waiting;
  }

  get busy(): boolean {
    return this.#running >= this.#concurrency;
  }

  /**
   * Run a job and return its result. Throws `QueueFull` at once. When the signal aborts before the job's turn, the job
   * does not begin, and `run` throws the signal's reason.
   */
  async run<T>(job: () => Promise<T>, signal: AbortSignal): Promise<T> {
    if (this.busy) {
      if (this.#queue.length >= this.#waiting)
        throw new QueueFull(`the queue is full: ${this.#waiting} predictions are waiting`);
      await this.#turn(signal);
    } else {
      this.#running++;
    }
    try {
      signal.throwIfAborted();
      return await job();
    } finally {
      // The place passes to the next job in the queue, or becomes free.
      const next = this.#queue.shift();
      if (next) next();
      else this.#running--;
    }
  }

  #turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#queue.splice(this.#queue.indexOf(begin), 1);
        reject(signal.reason);
      };
      const begin = () => {
        signal.removeEventListener("abort", leave);
        resolve();
      };
      if (signal.aborted) return reject(signal.reason);
      signal.addEventListener("abort", leave, { once: true });
      this.#queue.push(begin);
    });
  }
}
