import { DurableObject } from "cloudflare:workers";

/**
 * How long an end is stored, in milliseconds: longer than a job runs (15 minutes), and longer than a callback is
 * redelivered. A process that died before it stored the end is followed by one that asks for it again.
 */
const KEPT_MS = 16 * 60 * 1000;
const END = "end";

/**
 * A Durable Object for one attempt at a model that calls back. It passes the prediction from the callback to the
 * processes that ask for it. The first end counts; a repeated or late one changes nothing. An end is stored for 16
 * minutes, and everyone who asks meanwhile is given the same one.
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
    if (stored !== undefined) return;
    await Promise.all([this.ctx.storage.put(END, end), this.ctx.storage.setAlarm(Date.now() + KEPT_MS)]);
    for (const resolve of this.#waiting.splice(0)) resolve(end);
  }

  /** Resolves with the end of the attempt, as soon as there is one. */
  async ended(): Promise<string> {
    const stored = await this.ctx.storage.get<string>(END);
    return stored ?? new Promise<string>((resolve) => this.#waiting.push(resolve));
  }

  override async alarm(): Promise<void> {
    await this.ctx.storage.deleteAll();
  }
}
