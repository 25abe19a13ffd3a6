import * as z from "zod/mini";
import { listOf } from "../../schemas/primitives.ts";
import type { ProviderFetch } from "../net/provider-fetch.ts";
import { untilAborted } from "../resilience/until-aborted.ts";
import type { Runtime } from "../runtime.ts";

/** Where fal publishes the keys that sign its callbacks (fal.ai/docs/model-apis/webhooks). */
export const FAL_KEYS_URL = new URL("https://rest.alpha.fal.ai/.well-known/jwks.json");

/** fal asks to fetch the keys again after a day at the latest, in milliseconds. */
const KEPT_MS = 24 * 60 * 60 * 1000;
/**
 * How soon the keys are fetched again when none of them fits a signature, in milliseconds. fal may have changed them;
 * without a minimum, anybody could make this Worker fetch them with each message.
 */
const AGAIN_MS = 5 * 60 * 1000;
/** How soon the keys are fetched again after a failure, in milliseconds. */
const FAILED_MS = 5_000;
/** How long to wait for the keys, in milliseconds. */
const FETCH_MS = 5_000;
/** Maximum keys of the set: each costs a verification. */
const MOST_KEYS = 10;

/** An Ed25519 key of a set (RFC 8037, section 2). Keys of other kinds are left out. */
const Key = z.object({ kty: z.literal("OKP"), crv: z.literal("Ed25519"), x: z.string().check(z.regex(/^[\w-]{43}$/)) });
const KeySet = z.object({ keys: listOf(z.unknown(), MOST_KEYS) });

interface KeysRuntime extends Pick<Runtime, "clock"> {
  readonly fetch: ProviderFetch;
}

/**
 * The keys that sign fal's callbacks, fetched when the first signature is to be verified, and kept. Only fetched keys
 * are shared, and never a fetch that is under way: the platform ends it with the request that began it.
 */
export class FalKeys {
  readonly #runtime: KeysRuntime;
  #keys: readonly CryptoKey[] = [];
  /** Unix time in milliseconds, as is the next. */
  #fetchedAt = Number.NEGATIVE_INFINITY;
  #failedAt = Number.NEGATIVE_INFINITY;

  constructor(runtime: KeysRuntime) {
    this.#runtime = runtime;
  }

  /** Whether one of the keys signed the message. Keys that cannot be fetched verify nothing. Never rejects. */
  async verify(signature: Uint8Array<ArrayBuffer>, message: Uint8Array<ArrayBuffer>): Promise<boolean> {
    const isBy = (keys: readonly CryptoKey[]) =>
      Promise.all(keys.map((key) => crypto.subtle.verify("Ed25519", key, signature, message)));
    const known = await this.#current(KEPT_MS);
    if ((await isBy(known)).includes(true)) return true;
    const newer = await this.#current(AGAIN_MS);
    return newer !== known && (await isBy(newer)).includes(true);
  }

  /** The keys, fetched again when those that are known are older than this. */
  async #current(keptMs: number): Promise<readonly CryptoKey[]> {
    const now = this.#runtime.clock();
    const before = this.#fetchedAt;
    if (now - before < keptMs || now - this.#failedAt < FAILED_MS) return this.#keys;
    // While keys are known, one request fetches newer ones and the others go on with them.
    if (this.#keys.length > 0) this.#fetchedAt = now;
    try {
      this.#keys = await this.#fetch();
      this.#fetchedAt = now;
    } catch {
      this.#fetchedAt = before;
      this.#failedAt = now;
    }
    return this.#keys;
  }

  async #fetch(): Promise<readonly CryptoKey[]> {
    const signal = AbortSignal.timeout(FETCH_MS);
    const fetched = this.#runtime.fetch(FAL_KEYS_URL, { headers: { accept: "application/json" }, signal });
    const response = await untilAborted(fetched, signal);
    if (!response.ok) throw new Error(`the keys cannot be fetched: HTTP ${response.status}`);
    const { keys } = KeySet.parse(await response.json());
    const known = keys.flatMap((key) => z.safeParse(Key, key).data ?? []);
    if (known.length === 0) throw new Error("the set has no key that can be used");
    return Promise.all(
      known.map(({ kty, crv, x }) =>
        crypto.subtle.importKey("jwk", { kty, crv, x }, { name: "Ed25519" }, false, ["verify"]),
      ),
    );
  }
}
