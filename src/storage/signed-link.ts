/** Signs paths, so that whoever holds a link can follow it until it expires and can change nothing in it. */
export class LinkSigner {
  readonly #secret: string;

  constructor(secret: string) {
    this.#secret = secret;
  }

  /** The query that makes `path` a link. @param expires Unix time in seconds */
  async sign(path: string, expires: number): Promise<string> {
    const signature = await crypto.subtle.sign("HMAC", await this.#key(), message(path, String(expires)));
    return new URLSearchParams({
      expires: String(expires),
      signature: base64Url(new Uint8Array(signature)),
    }).toString();
  }

  /** Whether the query is one that we made for the path, and still holds. @param now Unix time in seconds */
  async check(path: string, query: URLSearchParams, now: number): Promise<"valid" | "invalid" | "expired"> {
    const expires = query.get("expires") ?? "";
    const signature = bytesOf(query.get("signature") ?? "");
    // WebCrypto compares in constant time.
    const signed =
      signature !== null && (await crypto.subtle.verify("HMAC", await this.#key(), signature, message(path, expires)));
    if (!signed) return "invalid";
    return Number(expires) > now ? "valid" : "expired";
  }

  #key(): Promise<CryptoKey> {
    const algorithm = { name: "HMAC", hash: "SHA-256" };
    return crypto.subtle.importKey("raw", new TextEncoder().encode(this.#secret), algorithm, false, ["sign", "verify"]);
  }
}

function message(path: string, expires: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(new TextEncoder().encode(`${path}\n${expires}`));
}

function base64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> | null {
  if (!/^[\w-]+$/.test(text)) return null;
  try {
    return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (character) =>
      character.charCodeAt(0),
    );
  } catch {
    return null;
  }
}
