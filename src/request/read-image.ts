import { fromBase64 } from "../../schemas/encodings.ts";
import { LIMITS } from "../../schemas/limits.ts";
import { ProblemError } from "../../schemas/problem.ts";

/** Downloads the bytes of a picture from a caller's address. Throws a `ProblemError` that points to `/image`. */
export type FetchImage = (address: string) => Promise<Uint8Array>;

/**
 * The bytes of a picture in a JSON field: an https address, a base64 data URL, or base64 alone. Throws a `ProblemError`
 * that points to `/image`.
 */
export async function readImage(image: string, fetchImage: FetchImage): Promise<Uint8Array> {
  if (/^[a-z][a-z0-9+.-]*:/i.test(image) && !/^data:/i.test(image)) return fetchImage(image);
  const prefix = /^data:[^,]{0,200}?;base64,/i.exec(image.slice(0, 300))?.[0] ?? "";
  const bytes = Math.floor(((image.length - prefix.length) * 3) / 4);
  // Padding is at most two characters: the estimate must not refuse a picture that is just at the limit.
  if (bytes - 2 > LIMITS.inlineBytes) throw imageTooLarge(LIMITS.inlineBytes, bytes);
  const decoded = fromBase64(prefix === "" ? image : image.slice(prefix.length));
  if (decoded) return decoded;
  const detail = "is neither an https address, nor a base64 data URL, nor base64";
  const errors = [{ pointer: "/image", detail, value: `${image.length} UTF-16 code units` }];
  throw new ProblemError("invalid_request", `/image ${detail}.`, { errors });
}

/** The problem for a picture with more bytes than allowed for the way it was sent. */
export function imageTooLarge(limit: number, value: number): ProblemError {
  const detail = `has ${value} bytes; at most ${limit} in this form`;
  return new ProblemError("body_too_large", `/image ${detail}.`, {
    errors: [{ pointer: "/image", detail, limit, value }],
  });
}
