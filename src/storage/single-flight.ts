import { LIMITS } from "../../schemas/limits.ts";

interface Flight<T> {
  readonly answer: Promise<T | null>;
  /** Unix time in milliseconds from which nobody joins it any more. */
  readonly until: number;
}

/**
 * Questions that requests of this isolate are asking a model right now, by their cache keys, so that the same question
 * is asked once. A request that waits for another's answer has an answer of its own to give: it asks itself when there
 * is none, or none in time. It cannot rely on being told, because the runtime may drop a request with all its promises.
 */
export class SingleFlight<T> {
  readonly #flights = new Map<string, Flight<T>>();
  readonly #clock: () => number;

  /** @param clock Unix time in milliseconds */
  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /**
   * The answer for which another request has asked; null when no request is asking. It resolves with null when that
   * request got none, or left, and after `LIMITS.flightMs`; it rejects with the signal's reason when `signal` aborts.
   */
  join(key: string, signal: AbortSignal): Promise<T | null> | null {
    const flight = this.#flights.get(key);
    if (!flight || flight.until <= this.#clock()) return null;
    return answeredWithin(flight.answer, LIMITS.flightMs, signal);
  }

  /**
   * Says that the caller asks now. The caller must call what is returned, whatever happens: with the answer, or with
   * null when there is none for others.
   */
  lead(key: string): (answer: T | null) => void {
    const { promise, resolve } = Promise.withResolvers<T | null>();
    const flight = { answer: promise, until: this.#clock() + LIMITS.deadlineMs };
    this.#flights.set(key, flight);
    return (answer) => {
      if (this.#flights.get(key) === flight) this.#flights.delete(key);
      resolve(answer);
    };
  }
}

function answeredWithin<T>(answer: Promise<T | null>, milliseconds: number, signal: AbortSignal): Promise<T | null> {
  const { promise, resolve, reject } = Promise.withResolvers<T | null>();
  const timer = setTimeout(() => resolve(null), milliseconds);
  const abort = () => reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  if (signal.aborted) abort();
  answer.then(resolve, reject);
  return promise.finally(() => {
    clearTimeout(timer);
    signal.removeEventListener("abort", abort);
  });
}
