import { DurableObject } from "cloudflare:workers";

/**
 * How long an end is stored, in milliseconds: longer than a request runs, and longer than a callback is redelivered.
 */
const KEPT_MS = 10 * 60 * 1000;
const END = "end";
/** Stored in place of the end as soon as somebody has asked for it, so that it is delivered only once. */
const CLAIMED = "";

/**
 * A Durable Object for one attempt at a model that calls back. It passes the prediction from the callback to the
 * request that waits for it. The first end counts; a repeated or late one changes nothing. An end is stored until
 * somebody asks for it, for at most ten minutes.
 */
export class Attempt extends DurableObject {
  #waiting: ((end: string) => void)[] = [];

  /**
   * Reports how the attempt ended.
   *
   * @param end the prediction as JSON, not empty
   */
  async settle(end: string): Promise<void> {
    const stored = await this.ctx.storage.get<string>(END);
    if (stored === undefined) await this.#keep(end);
    for (const resolve of this.#waiting.splice(0)) resolve(end);
  }

  /**
   * Resolves with the end of the attempt, as soon as there is one. It is delivered once: to those who wait when it
   * arrives, else to the first who asks.
   */
  async ended(): Promise<string> {
    const stored = await this.ctx.storage.get<string>(END);
    // Start to wait before storing anything: an end that arrives meanwhile must reach this call.
    const end = stored ? stored : new Promise<string>((resolve) => this.#waiting.push(resolve));
    await this.#keep(CLAIMED);
    return end;
  }

  override async alarm(): Promise<void> {
    await this.ctx.storage.deleteAll();
  }

  async #keep(end: string): Promise<void> {
    await this.ctx.storage.put(END, end);
    await this.ctx.storage.setAlarm(Date.now() + KEPT_MS);
  }
}
