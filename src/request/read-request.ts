import * as z from "zod/mini";
import { type Picture, readPicture } from "../pipeline/picture/read-picture.ts";
import type { Claim } from "../resilience/memory-budget.ts";
import { refuseQuery } from "./check-query.ts";
import { invalidRequest } from "./field-errors.ts";
import { readBody } from "./read-body.ts";
import { type FetchImage, readImage } from "./read-image.ts";

/** A request's fields, as their schema parsed them, and its picture; null when it has none. */
export interface CheckedRequest<Fields> {
  readonly fields: Fields;
  readonly picture: Picture | null;
}

/**
 * Stands in for `image` when the picture is a part of the form, so that a schema which requires one accepts it, and
 * once the picture was read.
 */
const IMAGE_PART = "picture";

/** A request's fields after they were checked, before its picture is read. */
export interface CheckedFields<Fields> {
  /** As their schema parsed them. `image` is the caller's string, or a word in place of a part of the form. */
  readonly fields: Fields;
  /** The picture when it is a part of the form; null otherwise. */
  readonly image: Uint8Array | null;
  /** Bytes of the body. */
  readonly bodyBytes: number;
}

/**
 * Reads the fields of a JSON or multipart request. Throws a `ProblemError` that names every invalid field.
 *
 * @param signal aborts when the request's time is over
 * @param claim the memory of the request
 * @param maximumBytes of the body
 */
export async function readFields<Schema extends z.ZodMiniType>(
  request: Request,
  schema: Schema,
  signal: AbortSignal,
  claim?: Claim,
  maximumBytes?: number,
): Promise<CheckedFields<z.infer<Schema>>> {
  refuseQuery(request.url);
  const { fields, image, bytes } = await readBody(request, signal, claim, maximumBytes);
  const fieldsWithImage = image ? { ...fields, image: IMAGE_PART } : fields;
  const parsed = z.safeParse(schema, fieldsWithImage);
  if (!parsed.success) throw invalidRequest(parsed.error.issues, fieldsWithImage, schema);
  return { fields: parsed.data, image, bodyBytes: bytes };
}

/**
 * Reads the picture of a request whose fields were checked. Throws a `ProblemError` that points to `/image`.
 *
 * @param fetchImage downloads the picture when `image` is an address
 */
export async function readRequestPicture<Fields>(
  { fields, image }: CheckedFields<Fields>,
  fetchImage: FetchImage,
): Promise<CheckedRequest<Fields>> {
  const { image: sent } = fields as { image?: unknown };
  const bytes = image ?? (typeof sent === "string" ? await readImage(sent, fetchImage) : null);
  // The run holds its fields to its end; the picture's base64 is not needed any more.
  if (bytes) Object.assign(fields as object, { image: IMAGE_PART });
  return { fields, picture: bytes && (await readPicture(bytes)) };
}
