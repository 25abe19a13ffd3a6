import { fromBase64Url, toBase64Url } from "../../schemas/encodings.ts";

/** The line of usage behind which the next page begins: day, key and operation. */
export type UsagePosition = readonly [day: string, keyId: string, operation: string];

/** A position as callers get it. */
export function writeCursor(position: UsagePosition): string {
  return toBase64Url(new TextEncoder().encode(position.join("/")));
}

/** The position of a cursor; null for a text that is none. */
export function readCursor(cursor: string): UsagePosition | null {
  const bytes = fromBase64Url(cursor);
  const [day, keyId, operation, ...more] = bytes ? new TextDecoder().decode(bytes).split("/") : [];
  if (!day || !keyId || !operation || more.length > 0) return null;
  return /^\d{4}-\d{2}-\d{2}$/.test(day) ? [day, keyId, operation] : null;
}
