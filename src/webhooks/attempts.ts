import { toHex } from "../../schemas/encodings.ts";
import type { CallbackVendor } from "../../schemas/providers.ts";
import { joinUrl } from "../net/join-url.ts";
import { untilAborted } from "../resilience/until-aborted.ts";
import type { Runtime } from "../runtime.ts";
import type { Attempt } from "./attempt.ts";
import type { SignedBy } from "./read-signed.ts";

/** The Durable Objects that receive callbacks, by the attempt's name. */
export type AttemptNamespace = DurableObjectNamespace<Attempt>;

/** How one vendor's callbacks reach this deployment. */
export interface Callbacks {
  readonly attempts: AttemptNamespace;
  /** How they are signed. */
  readonly signedBy: SignedBy<unknown>;
}

/** How each vendor's callbacks reach this deployment; null for one that cannot reach it. */
export type VendorCallbacks = { readonly [Vendor in CallbackVendor]: Callbacks | null };

/** An attempt: the address for the vendor to call when it ends, and a way to wait for that call. */
export interface OpenAttempt {
  readonly name: string;
  readonly url: string;
  /**
   * Resolves with what the callback delivered, however often it is asked; with null when the signal aborts or the
   * Durable Object is down.
   */
  ended(signal: AbortSignal): Promise<unknown>;
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

  /** A new attempt. */
  open(vendor: CallbackVendor): OpenAttempt {
    return this.reopen(vendor, toHex(this.#randomBytes(16)));
  }

  /** An attempt that was opened before, perhaps by another process. */
  reopen(vendor: CallbackVendor, name: string): OpenAttempt {
    const namespace = this.#namespace;
    return {
      name,
      url: joinUrl(this.#publicUrl, `/hooks/${vendor}/${name}`).href,
      async ended(signal) {
        try {
          // A stub of its own for each call: one that broke once stays broken.
          const end = await untilAborted(namespace.getByName(name).ended(), signal);
          return end ? (JSON.parse(end) as unknown) : null;
        } catch {
          // Aborted, or the Durable Object was moved or is down: the caller polls the vendor instead.
          return null;
        }
      },
    };
  }
}
