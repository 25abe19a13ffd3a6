import { DurableObject } from "cloudflare:workers";

/** Milliseconds that anything is kept: longer than a request runs, and longer than a callback is delivered again. */
const KEPT_MS = 10 * 60 * 1000;
const END = "end";
/** Stored in place of an end once somebody has asked for it. */
const ASKED = "";

/**
 * One attempt at a model that calls back: here the callback's request meets the request that waits for it. The first
 * end counts; a repeated or late one changes nothing. An end is kept until somebody asks for it, and nothing is kept
 * for longer than ten minutes.
 */
export class Attempt extends DurableObject {
  #waiting: ((end: string) => void)[] = [];

  /** Report how the attempt ended. @param end JSON; not empty */
  async settle(end: string): Promise<void> {
    const known = await this.ctx.storage.get<string>(END);
    if (known === undefined) await this.#keep(end);
    for (const resolve of this.#waiting.splice(0)) resolve(end);
  }

  /**
   * How the attempt ended, as soon as it has. An end is given once: to whoever waits when it comes, else to the first
   * who asks.
   */
  async ended(): Promise<string> {
    const known = await this.ctx.storage.get<string>(END);
    // Wait before storing anything: an end that comes meanwhile must find who waits for it.
    const end = known ? known : new Promise<string>((resolve) => this.#waiting.push(resolve));
    await this.#keep(ASKED);
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
