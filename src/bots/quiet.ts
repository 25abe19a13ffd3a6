import type { Platform } from "./platform.ts";
import { PlatformError } from "./platform-error.ts";

/** Until when a platform has asked not to be called. Where the process dies, the platform says so again. */
export class Quiet {
  readonly #clock: () => number;
  #until = 0;

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** Unix time in milliseconds. */
  get until(): number {
    return this.#until;
  }

  /** The platform, whose calls fail by themselves while it wants none. */
  keep(platform: Platform): Platform {
    const call = async <Answer>(work: () => Promise<Answer>): Promise<Answer> => {
      const wait = this.#until - this.#clock();
      if (wait > 0) throw new PlatformError("the platform has asked not to be called", wait, true);
      try {
        return await work();
      } catch (error) {
        const asked = error instanceof PlatformError && error.isRefused ? (error.retryMs ?? 0) : 0;
        this.#until = Math.max(this.#until, this.#clock() + asked);
        throw error;
      }
    };
    const { words } = platform;
    const [complete, find] = [platform.complete?.bind(platform), platform.find?.bind(platform)];
    return {
      textLength: platform.textLength,
      ...(words && { words }),
      ...(complete && { complete: (message) => call(() => complete(message)) }),
      ...(find && { find: (message) => call(() => find(message)) }),
      say: (message, text) => call(() => platform.say(message, text)),
      picture: (picture, signal) => call(() => platform.picture(picture, signal)),
      answer: (message, said, answer) => call(() => platform.answer(message, said, answer)),
      sendMore: (message, pictures) => call(() => platform.sendMore(message, pictures)),
    };
  }
}
