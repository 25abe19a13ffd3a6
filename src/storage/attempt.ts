import { DurableObject } from "cloudflare:workers";

/** How long anything is kept, in milliseconds: longer than a request runs, and than a callback is delivered again. */
const KEPT_MS = 10 * 60 * 1000;
const END = "end";
/** In place of an end that was handed over: it keeps a second delivery from being kept again. */
const FORGOTTEN = "";

/**
 * One attempt at a model that calls back: the place where the callback's request meets the request that waits. The first end is the end; what
 * comes again, or late, changes nothing. Nothing of an end stays once it was handed over, and nothing at all after ten minutes.
 */
export class Attempt extends DurableObject {
  #waiting: ((end: string) => void)[] = [];

  /** Say how the attempt ended. @param end JSON; not empty */
  async settle(end: string): Promise<void> {
    if ((await this.ctx.storage.get<string>(END)) !== undefined) return;
    await this.#keep(end);
    for (const tell of this.#waiting.splice(0)) tell(end);
  }

  /** How it ended, as soon as it has. */
  async ended(): Promise<string> {
    const end = await this.ctx.storage.get<string>(END);
    return end ?? new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Nobody waits any more. */
  async forget(): Promise<void> {
    await this.#keep(FORGOTTEN);
  }

  override async alarm(): Promise<void> {
    await this.ctx.storage.deleteAll();
  }

  async #keep(end: string): Promise<void> {
    await this.ctx.storage.put(END, end);
    await this.ctx.storage.setAlarm(Date.now() + KEPT_MS);
  }
}
