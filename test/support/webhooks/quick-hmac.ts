import { createHmac } from "node:crypto";
import { vi } from "vitest";

/**
 * Has WebCrypto compute HMAC-SHA256 at once, for the rest of a test file: with virtual time, nothing may wait for
 * another thread.
 */
export function useQuickHmac(): void {
  vi.spyOn(crypto.subtle, "importKey").mockImplementation((async (_format: string, key: Uint8Array) => key) as never);
  vi.spyOn(crypto.subtle, "sign").mockImplementation((async (_algorithm: string, key: Uint8Array, data: Uint8Array) => {
    const code = createHmac("sha256", key).update(data).digest();
    return code.buffer.slice(code.byteOffset, code.byteOffset + code.length);
  }) as never);
}
