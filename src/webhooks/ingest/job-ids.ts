import { toBase32, toUtf8 } from "../../../schemas/encodings.ts";

/** Characters of a job's id behind `req_`: 130 bits. */
const CHARACTERS = 26;

/**
 * The id of the job of a message and one of its pictures. It follows from the message alone, so that a message which
 * comes again finds the jobs that it began: a job can begin only once.
 *
 * @param identity what makes it another message than those before it
 * @param index the picture's place in the message; 0 for a message without one
 */
export async function jobIdOf(source: string, identity: readonly string[], index: number): Promise<string> {
  const named = toUtf8(JSON.stringify([source, identity, index]));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", named));
  return `req_${toBase32(digest, CHARACTERS)}`;
}
