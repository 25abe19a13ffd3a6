import { toHex } from "../../schemas/encodings.ts";

/** SHA-256 in lower-case hexadecimal; of a string, the SHA-256 of its UTF-8. */
export async function sha256(data: string | Uint8Array): Promise<string> {
  const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
  return toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>)));
}
