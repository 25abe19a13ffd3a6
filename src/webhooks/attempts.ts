import { toHex } from "../../schemas/encodings.ts";
import { joinUrl } from "../net/join-url.ts";
import type { Runtime } from "../runtime.ts";
import type { Attempt } from "./attempt.ts";

/** The Durable Objects that receive callbacks, by the attempt's name. */
export type AttemptNamespace = DurableObjectNamespace<Attempt>;

/** How Replicate's callbacks reach this deployment. */
export interface ReplicateCallbacks {
  readonly attempts: AttemptNamespace;
  /** The shared secret that signs them. */
  readonly secret: string;
}

/** Opens attempts: addresses at which a vendor reports that a prediction has ended. */
export class Attempts {
  readonly #namespace: AttemptNamespace;
  readonly #publicUrl: URL;
  readonly #randomBytes: Runtime["randomBytes"];

  /** @param publicUrl where the vendor reaches this Worker */
  constructor(namespace: AttemptNamespace, publicUrl: URL, randomBytes: Runtime["randomBytes"]) {
    this.#namespace = namespace;
    this.#publicUrl = publicUrl;
    this.#randomBytes = randomBytes;
  }

  /**
   * A new attempt: the URL for the vendor to call when it ends, and a way to wait for that call. `ended` resolves with
   * the prediction that the callback delivered, or with null when the signal aborts or the Durable Object is down.
   */
  open(): { readonly url: string; ended(signal: AbortSignal): Promise<unknown> } {
    const name = toHex(this.#randomBytes(16));
    const stub = this.#namespace.getByName(name);
    return {
      url: joinUrl(this.#publicUrl, `/hooks/replicate/${name}`).href,
      async ended(signal) {
        const aborted = new Promise<null>((resolve) => {
          if (signal.aborted) resolve(null);
          signal.addEventListener("abort", () => resolve(null), { once: true });
        });
        try {
          const end = await Promise.race([stub.ended(), aborted]);
          return end ? (JSON.parse(end) as unknown) : null;
        } catch {
          // The Durable Object was moved or is down: the caller polls the vendor instead.
          return null;
        }
      },
    };
  }
}
