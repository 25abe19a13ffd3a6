/** Those who wait for something of a Durable Object to change. */
export class Changes {
  readonly #timer: (milliseconds: number) => AbortSignal;
  readonly #waiting = new Set<() => void>();

  /** @param timer creates a signal that aborts after so many milliseconds */
  constructor(timer: (milliseconds: number) => AbortSignal) {
    this.#timer = timer;
  }

  /** Tells that something has changed. */
  tell(): void {
    for (const wake of [...this.#waiting]) wake();
  }

  /** Waits until a condition holds, which is checked after each change; at most for a time. */
  async until(holds: () => boolean, waitMs: number): Promise<void> {
    if (waitMs <= 0) return;
    const time = this.#timer(waitMs);
    while (!holds() && !time.aborted) {
      await new Promise<void>((resolve) => {
        const wake = () => {
          this.#waiting.delete(wake);
          time.removeEventListener("abort", wake);
          resolve();
        };
        this.#waiting.add(wake);
        time.addEventListener("abort", wake);
      });
    }
  }
}
