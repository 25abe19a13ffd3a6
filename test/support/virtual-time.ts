/** The timer of the platform, for tests of waits that take some milliseconds. */
export const platformTimer = (milliseconds: number): AbortSignal => AbortSignal.timeout(milliseconds);

/** A clock that moves only while nothing else is to be done, straight to the next thing that is due. */
export class VirtualTime {
  now: number;
  readonly #due: Array<{ readonly at: number; readonly wake: () => void }> = [];

  constructor(now = 1_000) {
    this.now = now;
  }

  readonly clock = (): number => this.now;

  readonly sleep = (milliseconds: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
      this.#due.push({ at: this.now + milliseconds, wake: resolve });
    });

  readonly timer = (milliseconds: number): AbortSignal => {
    const controller = new AbortController();
    const late = () => controller.abort(new DOMException("The time is over.", "TimeoutError"));
    this.#due.push({ at: this.now + milliseconds, wake: late });
    return controller.signal;
  };

  /** Lets time pass until the work is done. Rejects when nothing is due and the work still waits. */
  async pass<T>(work: Promise<T>): Promise<T> {
    let isOver = false;
    const over = () => {
      isOver = true;
    };
    work.then(over, over);
    for (let idle = 0; !isOver; ) {
      await new Promise((resolve) => setImmediate(resolve));
      if (isOver) break;
      this.#due.sort((a, b) => a.at - b.at);
      const next = this.#due.shift();
      if (!next && ++idle > 50) throw new Error("nothing is due, and the work still waits");
      if (!next) continue;
      this.now = Math.max(this.now, next.at);
      next.wake();
    }
    return work;
  }
}
