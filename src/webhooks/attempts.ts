import type { Attempt } from "./attempt.ts";

/** The Durable Objects that attempts wait in. */
export type AttemptNamespace = DurableObjectNamespace<Attempt>;

/** Opens places where the end of an attempt can be told. */
export class Attempts {
  readonly #namespace: AttemptNamespace;
  readonly #publicUrl: URL;
  readonly #random: (length: number) => Uint8Array;

  /** @param publicUrl where the vendor reaches us */
  constructor(namespace: AttemptNamespace, publicUrl: URL, random: (length: number) => Uint8Array) {
    this.#namespace = namespace;
    this.#publicUrl = publicUrl;
    this.#random = random;
  }

  /** A new attempt: the address to call when it ends, and a way to wait for that. */
  open(): { readonly url: string; ended(signal: AbortSignal): Promise<unknown> } {
    const name = Array.from(this.#random(16), (byte) => byte.toString(16).padStart(2, "0")).join("");
    const stub = this.#namespace.getByName(name);
    return {
      url: `${this.#publicUrl.href.replace(/\/$/, "")}/hooks/replicate/${name}`,
      async ended(signal) {
        const stopped = new Promise<null>((resolve) => {
          if (signal.aborted) resolve(null);
          signal.addEventListener("abort", () => resolve(null), { once: true });
        });
        try {
          const end = await Promise.race([stub.ended(), stopped]);
          return end ? (JSON.parse(end) as unknown) : null;
        } catch {
          // An object that was moved or is down: whoever waits asks the vendor itself.
          return null;
        }
      },
    };
  }
}
