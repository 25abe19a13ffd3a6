import { createHash } from "node:crypto";
import type { Prediction } from "../schemas/cog.ts";

/** How long an ended prediction is kept, in milliseconds: as long as a process takes that goes on with a job. */
const KEPT_MS = 10 * 60 * 1000;
/** Most bytes of all kept predictions, and how many there are at most. The oldest ones make room. */
const [KEPT_BYTES, KEPT_ENTRIES] = [32 * 1024 * 1024, 1_000];

interface Kept {
  readonly digest: string;
  readonly answer: string;
  readonly bytes: number;
  /** By the clock. */
  readonly until: number;
}

/**
 * The ended predictions of requests with an `Idempotency-Key`. A repeat gets the same bytes and runs nothing, also one
 * that comes while the first runs. A prediction that was canceled is not kept, so that the repeat of a caller who lost
 * its connection runs anew.
 */
export class Repeats {
  /** The oldest first. */
  readonly #kept = new Map<string, Kept>();
  readonly #running = new Map<string, { readonly digest: string; readonly over: Promise<void> }>();
  readonly #clock: () => number;
  #bytes = 0;

  /** @param clock milliseconds that never go back */
  constructor(clock: () => number = () => performance.now()) {
    this.#clock = clock;
  }

  /**
   * The ended prediction as JSON: the kept one, or that of `run`. Null when the key was given with another body. Throws
   * what `run` throws.
   *
   * @param key with the model's name
   * @param disconnected aborts when the caller leaves, who then waits for nobody else's prediction
   */
  async answer(
    key: string,
    body: Uint8Array,
    disconnected: AbortSignal,
    run: () => Promise<Prediction>,
  ): Promise<string | null> {
    const digest = createHash("sha256").update(body).digest("base64");
    for (let running = this.#running.get(key); running; running = this.#running.get(key)) {
      if (running.digest !== digest) return null;
      if (disconnected.aborted) return JSON.stringify(await run());
      await Promise.race([running.over, abortOf(disconnected)]);
    }
    this.#expire();
    const kept = this.#kept.get(key);
    if (kept) return kept.digest === digest ? kept.answer : null;
    const { promise: over, resolve } = Promise.withResolvers<void>();
    this.#running.set(key, { digest, over });
    try {
      const prediction = await run();
      const answer = JSON.stringify(prediction);
      if (prediction.status !== "canceled") this.#keep(key, digest, answer);
      return answer;
    } finally {
      this.#running.delete(key);
      resolve();
    }
  }

  #keep(key: string, digest: string, answer: string): void {
    const bytes = Buffer.byteLength(answer) + Buffer.byteLength(key);
    if (bytes > KEPT_BYTES) return;
    this.#kept.set(key, { digest, answer, bytes, until: this.#clock() + KEPT_MS });
    this.#bytes += bytes;
    for (const [oldest] of this.#kept) {
      if (this.#bytes <= KEPT_BYTES && this.#kept.size <= KEPT_ENTRIES) break;
      this.#drop(oldest);
    }
  }

  #expire(): void {
    for (const [key, { until }] of this.#kept) {
      if (until > this.#clock()) break;
      this.#drop(key);
    }
  }

  #drop(key: string): void {
    this.#bytes -= this.#kept.get(key)?.bytes ?? 0;
    this.#kept.delete(key);
  }
}

function abortOf(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
