import { sha256 } from "../storage/digest.ts";
import { decodeText } from "./decode-text.ts";
import { parseFields } from "./parse-json.ts";

/**
 * A message that another system sent, from its bytes.
 *
 * @param headers that were sent with it
 * @throws ProblemError when the bytes are no JSON object
 */
export async function readMessage(bytes: Uint8Array, headers: Headers) {
  return {
    body: parseFields(decodeText(bytes, null, "", "invalid_json"), "") as unknown,
    digest: await sha256(bytes),
    header: (name: string) => headers.get(name),
  };
}
