/** Thrown by `run` when as many jobs wait as may; the job was not taken. */
export class QueueFull extends Error {}

/** Runs jobs in the order in which they came, `concurrency` at a time, with at most `waiting` behind them. */
export class Queue {
  readonly #concurrency: number;
  readonly #waiting: number;
  readonly #line: Array<() => void> = [];
  #running = 0;

  constructor(concurrency: number, waiting: number) {
    this.#concurrency = concurrency;
    this.#waiting = waiting;
  }

  get busy(): boolean {
    return this.#running >= this.#concurrency;
  }

  /**
   * The job's own result. Throws `QueueFull` at once; a job whose signal aborts before its turn is never begun and
   * throws the signal's reason.
   */
  async run<T>(job: () => Promise<T>, signal: AbortSignal): Promise<T> {
    if (this.busy) {
      if (this.#line.length >= this.#waiting) throw new QueueFull(`${this.#waiting} predictions are waiting already`);
      await this.#turn(signal);
    } else {
      this.#running++;
    }
    try {
      signal.throwIfAborted();
      return await job();
    } finally {
      // The place passes to the next in line, or becomes free.
      const next = this.#line.shift();
      if (next) next();
      else this.#running--;
    }
  }

  #turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#line.splice(this.#line.indexOf(begin), 1);
        reject(signal.reason);
      };
      const begin = () => {
        signal.removeEventListener("abort", leave);
        resolve();
      };
      if (signal.aborted) return reject(signal.reason);
      signal.addEventListener("abort", leave, { once: true });
      this.#line.push(begin);
    });
  }
}
