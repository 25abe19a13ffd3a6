import { sha256 } from "../storage/digest.ts";
import type { CheckedFields } from "./read-request.ts";

/**
 * SHA-256 of what a request asks: the operation, the media type of its answer, its fields with their defaults in the
 * order of their schema, and its picture as it was sent. Two bodies that ask the same have the same, whatever their
 * white space, the order of their fields and the boundaries of a form are.
 */
export async function fingerprintOf(
  operation: string,
  type: string,
  { fields, image }: Pick<CheckedFields<unknown>, "fields" | "image">,
): Promise<string> {
  const { image: sent, ...others } = fields as Record<string, unknown>;
  const picture = image ?? (typeof sent === "string" ? sent : null);
  const digest = picture === null ? null : await sha256(picture);
  return sha256(JSON.stringify([operation, type, others, digest]));
}
