import { fromBase64Url, toBase64Url } from "../../schemas/encodings.ts";
import { Hmac } from "./hmac.ts";

/**
 * Signs paths with HMAC-SHA256. Whoever has a signed link can follow it until it expires, and cannot change the path or
 * the expiry.
 */
export class LinkSigner {
  readonly #hmac: Hmac;

  constructor(secret: string) {
    this.#hmac = new Hmac(secret);
  }

  /**
   * The query that makes `path` a signed link: `expires=…&signature=…`.
   *
   * @param expires Unix time in seconds
   */
  async sign(path: string, expires: number): Promise<string> {
    const signature = toBase64Url(await this.#hmac.sign(message(path, String(expires))));
    return new URLSearchParams({ expires: String(expires), signature }).toString();
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
    const isSigned = signature !== null && (await this.#hmac.verify(signature, message(path, expires)));
    if (!isSigned) return "invalid";
    return Number(expires) > now ? "valid" : "expired";
  }
}

/** The bytes that are signed. */
function message(path: string, expires: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(new TextEncoder().encode(`${path}\n${expires}`));
}
