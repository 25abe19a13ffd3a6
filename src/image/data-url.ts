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
 * percent-encoded characters. Null for anything else. It is our own because replacing characters first costs up to
 * seventy bytes for each of millions.
 */
export function fromAnyBase64(text: string): Uint8Array<ArrayBuffer> | null {
  const bytes = new Uint8Array(Math.ceil((text.length * 3) / 4));
  let [length, group, digits, padding] = [0, 0, 0, 0];
  const isBase64 = eachCharacter(text, (code) => {
    const value = VALUES[code] ?? INVALID;
    if (value === SPACE) return true;
    if (value === PAD) return ++padding <= 2;
    if (value === INVALID || padding > 0) return false;
    group = ((group << 6) | value) & 0xffffff;
    // The first of four digits completes no byte. The others complete one each, behind 4, 2 and 0 further bits.
    const place = digits++ % 4;
    if (place > 0) bytes[length++] = group >> (6 - 2 * place);
    return true;
  });
  const rest = digits % 4;
  if (!isBase64 || rest === 1 || (padding > 0 && rest + padding !== 4)) return null;
  return exactly(bytes, length);
}

const [SPACE, PAD, INVALID] = [0x40, 0x41, 0x42];
const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** The value of each base64 digit by its character code. White space is that of WHATWG Infra, "forgiving-base64". */
const VALUES = new Uint8Array(0x80).fill(INVALID);
for (const [value, digit] of [...DIGITS].entries()) VALUES[digit.charCodeAt(0)] = value;
VALUES["-".charCodeAt(0)] = DIGITS.indexOf("+");
VALUES["_".charCodeAt(0)] = DIGITS.indexOf("/");
VALUES["=".charCodeAt(0)] = PAD;
for (const space of "\t\n\f\r ") VALUES[space.charCodeAt(0)] = SPACE;

/** The bytes of percent-encoded data. Line breaks and tabs are not part of a URL. */
function fromPercentEncoded(data: string): Uint8Array<ArrayBuffer> | null {
  const bytes = new Uint8Array(data.length);
  let length = 0;
  const isAscii = eachCharacter(data, (code, isEscape) => {
    if (!isEscape && (code === 9 || code === 10 || code === 13)) return true;
    bytes[length++] = code;
    return isEscape || code < 0x80;
  });
  return isAscii ? exactly(bytes, length) : null;
}

/**
 * Takes the code of each character; an escape is one character, whose code is the byte. Stops, and returns false, when
 * `take` does.
 */
function eachCharacter(text: string, take: (code: number, isEscape: boolean) => boolean): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const byte = code === PERCENT ? 16 * hex(text.charCodeAt(at + 1)) + hex(text.charCodeAt(at + 2)) : Number.NaN;
    if (!take(Number.isNaN(byte) ? code : byte, !Number.isNaN(byte))) return false;
    if (!Number.isNaN(byte)) at += 2;
  }
  return true;
}

const PERCENT = 0x25;

/** The value of a hexadecimal digit; NaN for any other character, and behind the end of a text. */
function hex(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : Number.NaN;
}

/** The first bytes; copied where most of the buffer would be held for nothing. */
function exactly(bytes: Uint8Array<ArrayBuffer>, length: number): Uint8Array<ArrayBuffer> {
  return length * 2 < bytes.length ? bytes.slice(0, length) : bytes.subarray(0, length);
}

/** Each escape becomes one character, whose code is the byte. For short texts. */
function percentDecoded(text: string): string {
  return text.replace(/%([\da-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
}
