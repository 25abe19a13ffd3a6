/** Bytes as lower-case hexadecimal. */
export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The bytes of hexadecimal in either case; null for anything else. */
export function fromHex(text: string): Uint8Array<ArrayBuffer> | null {
  if (text.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(text)) return null;
  return Uint8Array.from({ length: text.length / 2 }, (_, index) =>
    Number.parseInt(text.slice(2 * index, 2 * index + 2), 16),
  );
}

/** Crockford's base 32, as ULID uses it. */
export const BASE32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/**
 * The first bits of bytes in Crockford's base 32, 5 bits a character.
 *
 * @param bytes with at least `5 * characters` bits
 */
export function toBase32(bytes: Uint8Array, characters: number): string {
  const bitsAt = (bit: number) => {
    const [high = 0, low = 0] = bytes.subarray(bit >> 3, (bit >> 3) + 2);
    return (((high << 8) | low) >> (11 - (bit % 8))) & 31;
  };
  return Array.from({ length: characters }, (_, index) => BASE32.charAt(bitsAt(5 * index))).join("");
}

/** The bytes of standard base64 (RFC 4648, section 4), padded or not; null for anything else. */
export function fromBase64(base64: string): Uint8Array<ArrayBuffer> | null {
  try {
    const binary = atob(base64);
    const bytes = new Uint8Array(binary.length);
    for (let index = 0; index < binary.length; index++) bytes[index] = binary.charCodeAt(index);
    return bytes;
  } catch {
    return null;
  }
}

/**
 * Bytes as standard base64 (RFC 4648, section 4). Only for some thousand bytes: they become the arguments of one
 * function call.
 */
export function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

/** Some thousand bytes as base64url without padding (RFC 4648, section 5). */
export function toBase64Url(bytes: Uint8Array): string {
  return toBase64(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** The bytes of base64url without padding; null for anything else. */
export function fromBase64Url(text: string): Uint8Array<ArrayBuffer> | null {
  return /^[\w-]+$/.test(text) ? fromBase64(text.replaceAll("-", "+").replaceAll("_", "/")) : null;
}

/** A text in UTF-8. */
export function toUtf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text) as Uint8Array<ArrayBuffer>;
}

/** How many bytes a text has in UTF-8. */
export function byteLength(text: string): number {
  return toUtf8(text).length;
}
