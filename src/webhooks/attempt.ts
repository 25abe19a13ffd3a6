import { DurableObject } from "cloudflare:workers";

/** How long anything is kept, in milliseconds: longer than a request runs, and than a callback is delivered again. */
const KEPT_MS = 10 * 60 * 1000;
const END = "end";
/** In place of an end: somebody waits, or waited, so that none need be kept. */
const ASKED = "";

/**
 * One attempt at a model that calls back: the place where the callback's request meets the request that waits. The
 * first end is the end; what comes again, or late, changes nothing. An end is kept only until somebody asks for it, and
 * nothing at all for longer than ten minutes.
 */
export class Attempt extends DurableObject {
  #waiting: ((end: string) => void)[] = [];

  /** Say how the attempt ended. @param end JSON; not empty */
  async settle(end: string): Promise<void> {
    const known = await this.ctx.storage.get<string>(END);
    if (known === undefined) await this.#keep(end);
    for (const tell of this.#waiting.splice(0)) tell(end);
  }

  /** How it ended, as soon as it has. It is told once: to whoever waits then, else to who asks first. */
  async ended(): Promise<string> {
    const known = await this.ctx.storage.get<string>(END);
    // Before anything else is waited for: an end that comes meanwhile must find whoever waits.
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
