/** HMAC-SHA256 under one secret. */
export class Hmac {
  readonly #secret: string;
  #imported: CryptoKey | null = null;

  constructor(secret: string) {
    this.#secret = secret;
  }

  /** The 32 bytes of a message's code. */
  async sign(message: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
    return new Uint8Array(await crypto.subtle.sign("HMAC", await this.#key(), message));
  }

  /** Whether a code is the message's. WebCrypto compares in constant time. */
  async verify(code: Uint8Array<ArrayBuffer>, message: Uint8Array<ArrayBuffer>): Promise<boolean> {
    return crypto.subtle.verify("HMAC", await this.#key(), code, message);
  }

  /** Keeps the imported key and not its promise: workerd ties a promise to the request that made it. */
  async #key(): Promise<CryptoKey> {
    const secret = new TextEncoder().encode(this.#secret);
    const algorithm = { name: "HMAC", hash: "SHA-256" };
    this.#imported ??= await crypto.subtle.importKey("raw", secret, algorithm, false, ["sign", "verify"]);
    return this.#imported;
  }
}
