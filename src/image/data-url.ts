/**
 * Bytes that become one string at a time: `String.fromCharCode` takes no more arguments than the stack has room for.
 */
const PIECE = 0x6000;

/** Bytes as base64. */
export function toBase64(bytes: Uint8Array): string {
  let base64 = "";
  // A multiple of three bytes becomes whole groups of base64, so pieces can be joined.
  for (let start = 0; start < bytes.length; start += PIECE)
    base64 += btoa(String.fromCharCode(...bytes.subarray(start, start + PIECE)));
  return base64;
}

/** Bytes as a base64 data URL. */
export function toDataUrl(bytes: Uint8Array, type: string): string {
  return `data:${type};base64,${toBase64(bytes)}`;
}

/** The bytes of base64, or null for anything else. */
export function fromBase64(base64: string): Uint8Array | null {
  try {
    const binary = atob(base64);
    const bytes = new Uint8Array(binary.length);
    for (let index = 0; index < binary.length; index++) bytes[index] = binary.charCodeAt(index);
    return bytes;
  } catch {
    return null;
  }
}

/** What a base64 data URL holds, or null for anything else. */
export function fromDataUrl(dataUrl: string): { bytes: Uint8Array; type: string } | null {
  const head = headOf(dataUrl);
  const bytes = head && fromBase64(dataUrl.slice(head[0].length));
  return bytes && { bytes, type: head[1] ?? "" };
}

function headOf(dataUrl: string): RegExpExecArray | null {
  // The head alone is matched: a pattern over megabytes would copy them.
  return /^data:([^,;]*)[^,]*;base64,/i.exec(dataUrl.slice(0, 200));
}
