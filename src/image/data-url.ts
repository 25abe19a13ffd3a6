/** Bytes that become one string at a time: `String.fromCharCode` takes no more arguments than the stack has room for. */
const PIECE = 0x6000;

/** Bytes as a base64 data URL. */
export function toDataUrl(bytes: Uint8Array, type: string): string {
  let base64 = "";
  // A multiple of three bytes becomes whole groups of base64, so pieces can be joined.
  for (let start = 0; start < bytes.length; start += PIECE) base64 += btoa(String.fromCharCode(...bytes.subarray(start, start + PIECE)));
  return `data:${type};base64,${base64}`;
}
