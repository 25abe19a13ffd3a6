import { fromBase64Url, toBase64Url } from "../../schemas/encodings.ts";

/**
 * Signs paths with HMAC-SHA256. Whoever has a signed link can follow it until it expires, and cannot change the path or
 * the expiry.
 */
export class LinkSigner {
  readonly #secret: string;
  #imported: CryptoKey | null = null;

  constructor(secret: string) {
    this.#secret = secret;
  }

  /**
   * The query that makes `path` a signed link: `expires=…&signature=…`.
   *
   * @param expires Unix time in seconds
   */
  async sign(path: string, expires: number): Promise<string> {
    const signature = await crypto.subtle.sign("HMAC", await this.#key(), message(path, String(expires)));
    return new URLSearchParams({
      expires: String(expires),
      signature: toBase64Url(new Uint8Array(signature)),
    }).toString();
  }

  /**
   * Checks the query of a link to `path`: "invalid" when we did not sign it, "expired" when we did but its time is
   * over.
   *
   * @param now Unix time in seconds
   */
  async check(path: string, query: URLSearchParams, now: number): Promise<"valid" | "invalid" | "expired"> {
    const expires = query.get("expires") ?? "";
    const signature = fromBase64Url(query.get("signature") ?? "");
    // WebCrypto compares in constant time.
    const isSigned =
      signature !== null && (await crypto.subtle.verify("HMAC", await this.#key(), signature, message(path, expires)));
    if (!isSigned) return "invalid";
    return Number(expires) > now ? "valid" : "expired";
  }

  /** The key is kept, and not its promise: a promise belongs to the request that made it. */
  async #key(): Promise<CryptoKey> {
    const secret = new TextEncoder().encode(this.#secret);
    const algorithm = { name: "HMAC", hash: "SHA-256" };
    this.#imported ??= await crypto.subtle.importKey("raw", secret, algorithm, false, ["sign", "verify"]);
    return this.#imported;
  }
}

/** The bytes that are signed. */
function message(path: string, expires: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(new TextEncoder().encode(`${path}\n${expires}`));
}
