import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { vi } from "vitest";

const bytesOf = (made: Buffer) => made.buffer.slice(made.byteOffset, made.byteOffset + made.length);
const codeOf = (key: Uint8Array, data: Uint8Array) => createHmac("sha256", key).update(data).digest();

/**
 * Has WebCrypto compute HMAC-SHA256 at once, for the rest of a test file: with virtual time, nothing may wait for
 * another thread.
 */
export function useQuickHmac(): void {
  vi.spyOn(crypto.subtle, "importKey").mockImplementation((async (_format: string, key: Uint8Array) => key) as never);
  vi.spyOn(crypto.subtle, "sign").mockImplementation((async (_algorithm: string, key: Uint8Array, data: Uint8Array) =>
    bytesOf(codeOf(key, data))) as never);
  vi.spyOn(crypto.subtle, "verify").mockImplementation((async (
    _algorithm: string,
    key: Uint8Array,
    code: Uint8Array,
    data: Uint8Array,
  ) => timingSafeEqual(codeOf(key, data), code)) as never);
}

/** Has WebCrypto compute SHA-256 at once, for the same reason. */
export function useQuickDigest(): void {
  vi.spyOn(crypto.subtle, "digest").mockImplementation((async (_algorithm: string, data: Uint8Array) =>
    bytesOf(createHash("sha256").update(data).digest())) as never);
}
