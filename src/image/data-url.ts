/**
 * Bytes, or characters, that are handled at a time: `String.fromCharCode` takes no more arguments than the stack has room for. A multiple of
 * twelve, so that pieces are whole groups of base64 on both sides.
 */
const PIECE = 0x6000;

/** Bytes as a base64 data URL. */
export function toDataUrl(bytes: Uint8Array, type: string): string {
  let base64 = "";
  for (let start = 0; start < bytes.length; start += PIECE) base64 += btoa(String.fromCharCode(...bytes.subarray(start, start + PIECE)));
  return `data:${type};base64,${base64}`;
}

/** The bytes of a base64 data URL. */
export function bytesOfDataUrl(dataUrl: string): Uint8Array {
  const start = dataUrl.indexOf(",") + 1;
  const padding = dataUrl.endsWith("==") ? 2 : dataUrl.endsWith("=") ? 1 : 0;
  const bytes = new Uint8Array(((dataUrl.length - start) / 4) * 3 - padding);
  let written = 0;
  for (let from = start; from < dataUrl.length; from += PIECE) {
    const binary = atob(dataUrl.slice(from, from + PIECE));
    for (let index = 0; index < binary.length; index++) bytes[written++] = binary.charCodeAt(index);
  }
  return bytes;
}
