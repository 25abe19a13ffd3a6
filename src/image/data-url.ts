import { fromBase64 } from "../../schemas/encodings.ts";

/**
 * Bytes encoded at a time. `String.fromCharCode` takes only as many arguments as fit on the stack, and a multiple of
 * three bytes is whole groups of base64, so the pieces can be joined.
 */
const PIECE_BYTES = 0x6000;

/** Bytes of any number as base64 (RFC 4648, section 4). */
export function toBase64(bytes: Uint8Array): string {
  let base64 = "";
  for (let start = 0; start < bytes.length; start += PIECE_BYTES)
    base64 += btoa(String.fromCharCode(...bytes.subarray(start, start + PIECE_BYTES)));
  return base64;
}

/** Bytes as a base64 data URL (RFC 2397). */
export function toDataUrl(bytes: Uint8Array, type: string): string {
  return `data:${type};base64,${toBase64(bytes)}`;
}

/** Bytes and media type of a base64 data URL; null for anything else. */
export function fromDataUrl(dataUrl: string): { bytes: Uint8Array; type: string } | null {
  // Only the start is matched: a pattern over megabytes would copy them.
  const [head, type = ""] = /^data:([^,;]*)[^,]*;base64,/i.exec(dataUrl.slice(0, 200)) ?? [];
  const bytes = head === undefined ? null : fromBase64(dataUrl.slice(head.length));
  return bytes && { bytes, type };
}
