import { LIMITS } from "../../schemas/limits.ts";
import { ProblemError } from "../../schemas/problem.ts";
import { fromBase64 } from "../image/data-url.ts";

/** Gets a picture from a caller's address. Throws a `ProblemError` at `/image`. */
export type FetchImage = (address: string) => Promise<Uint8Array>;

/**
 * The picture of a JSON field: an https address, a base64 data URL, or base64 alone. Throws a `ProblemError` at
 * `/image`.
 */
export async function readImage(image: string, fetchImage: FetchImage): Promise<Uint8Array> {
  if (/^[a-z][a-z0-9+.-]*:/i.test(image) && !/^data:/i.test(image)) return fetchImage(image);
  const head = /^data:[^,]{0,200}?;base64,/i.exec(image.slice(0, 300))?.[0] ?? "";
  const bytes = Math.floor(((image.length - head.length) * 3) / 4);
  // Two characters of padding at most, so that a picture just at the limit is not refused by estimate.
  if (bytes - 2 > LIMITS.inlineBytes) throw imageTooLarge(LIMITS.inlineBytes, bytes);
  const read = fromBase64(head === "" ? image : image.slice(head.length));
  if (read) return read;
  const detail = "is neither an https address, nor a base64 data URL, nor base64";
  const errors = [{ pointer: "/image", detail, value: `${image.length} UTF-16 code units` }];
  throw new ProblemError("invalid_request", `/image ${detail}.`, { errors });
}

/** The problem of a picture with more bytes than its form may have. */
export function imageTooLarge(limit: number, value: number): ProblemError {
  const detail = `has ${value} bytes; at most ${limit} in this form`;
  return new ProblemError("body_too_large", `/image ${detail}.`, {
    errors: [{ pointer: "/image", detail, limit, value }],
  });
}
