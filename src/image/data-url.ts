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

/** The longest head of a data URL, in UTF-16 code units. A file's name in it can be long. */
const HEAD_LENGTH = 1_000;

/**
 * Bytes and media type of a data URL, in base64 or percent-encoded; null for anything else. Upper case, spaces around
 * `base64` and an encoded `;` are read.
 */
export function fromDataUrl(dataUrl: string): { bytes: Uint8Array; type: string } | null {
  // Only the start is matched: a pattern over megabytes would copy them.
  const [head, encodedParameters = ""] = /^data:([^,]*),/i.exec(dataUrl.slice(0, HEAD_LENGTH)) ?? [];
  if (head === undefined) return null;
  const [type = "", ...parameters] = percentDecoded(encodedParameters)
    .split(";")
    .map((parameter) => parameter.trim());
  const data = dataUrl.slice(head.length);
  const isBase64 = parameters.at(-1)?.toLowerCase() === "base64";
  const bytes = isBase64 ? fromAnyBase64(data) : fromPercentEncoded(data);
  return bytes && { bytes, type: type.toLowerCase() };
}

/**
 * The bytes of base64 as clients write it: standard or URL-safe, padded or not, with line breaks, or with
 * percent-encoded characters. Null for anything else.
 */
export function fromAnyBase64(text: string): Uint8Array | null {
  return fromBase64(percentDecoded(text).replaceAll("-", "+").replaceAll("_", "/"));
}

/** The bytes of percent-encoded data. Line breaks and tabs are not part of a URL. */
function fromPercentEncoded(data: string): Uint8Array | null {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a URL is ASCII.
  if (/[^\x00-\x7f]/.test(data)) return null;
  return fromBase64(btoa(percentDecoded(data.replace(/[\t\n\r]/g, ""))));
}

/** Each escape becomes one character, whose code is the byte. */
function percentDecoded(text: string): string {
  return text.replace(/%([\da-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
}
