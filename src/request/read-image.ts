import { LIMITS } from "../../schemas/limits.ts";
import type { ProblemError } from "../../schemas/problem.ts";
import { fromAnyBase64, fromDataUrl } from "../image/data-url.ts";
import { fieldProblem } from "./field-problem.ts";

/** Downloads the bytes of a picture from a caller's address. Throws a `ProblemError` that points to `/image`. */
export type FetchImage = (address: string) => Promise<Uint8Array>;

/**
 * The bytes of a picture in a JSON field: an https address, a data URL, or base64 alone. Throws a `ProblemError` that
 * points to `/image`.
 */
export async function readImage(image: string, fetchImage: FetchImage): Promise<Uint8Array> {
  const address = addressIn(image);
  if (address !== null) return fetchImage(address);
  const trimmed = image.trim();
  const bytes = /^data:/i.test(trimmed) ? fromDataUrl(trimmed)?.bytes : fromAnyBase64(trimmed);
  if (bytes && bytes.length > LIMITS.inlineBytes) throw imageTooLarge(LIMITS.inlineBytes, bytes.length);
  if (bytes) return bytes;
  const detail = "is neither an https address, nor a data URL, nor base64";
  throw fieldProblem([{ pointer: "/image", detail, value: `${image.length} UTF-16 code units` }]);
}

/** The address that a JSON field is; null where it is a data URL or base64. */
export function addressIn(image: string): string | null {
  const trimmed = image.trim();
  const scheme = /^([a-z][a-z0-9+.-]{0,30}):/i.exec(trimmed)?.[1]?.toLowerCase();
  return scheme === undefined || scheme === "data" ? null : trimmed;
}

/** The problem for a picture with more bytes than allowed for the way it was sent. */
export function imageTooLarge(limit: number, value: number): ProblemError {
  const detail = `has ${value} bytes; at most ${limit} in this form`;
  return fieldProblem([{ pointer: "/image", detail, limit, value }], "body_too_large");
}
