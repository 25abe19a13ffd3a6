import { createHmac } from "node:crypto";
import { vi } from "vitest";

/**
 * Lets WebCrypto compute HMAC-SHA256 at once, so that the steps of a model-based test do not depend on other threads.
 * Vitest restores it.
 */
export function useQuickHmac(): void {
  vi.spyOn(crypto.subtle, "importKey").mockImplementation((async (_format: string, key: Uint8Array) => key) as never);
  vi.spyOn(crypto.subtle, "sign").mockImplementation((async (_algorithm: string, key: Uint8Array, data: Uint8Array) => {
    const code = createHmac("sha256", key).update(data).digest();
    return code.buffer.slice(code.byteOffset, code.byteOffset + code.length);
  }) as never);
}
