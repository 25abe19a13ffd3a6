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

/**
 * Reads a JSON or multipart request. Throws a `ProblemError` that names every invalid field.
 *
 * @param fetchImage downloads the picture when `image` is an address
 * @param signal aborts when the request's time is over
 * @param claim the memory of the request
 * @param checked called with the fields as soon as they are checked, before the picture is downloaded; what it throws
 *   ends the reading
 */
export async function readRequest<Schema extends z.ZodMiniType>(
  request: Request,
  schema: Schema,
  fetchImage: FetchImage,
  signal: AbortSignal,
  claim?: Claim,
  checked?: (fields: z.infer<Schema>) => void,
): Promise<CheckedRequest<z.infer<Schema>>> {
  refuseQuery(request.url);
  const { fields, image } = await readBody(request, signal, claim);
  const fieldsWithImage = image ? { ...fields, image: IMAGE_PART } : fields;
  const parsed = z.safeParse(schema, fieldsWithImage);
  if (!parsed.success) throw invalidRequest(parsed.error.issues, fieldsWithImage, schema);
  checked?.(parsed.data);
  const bytes = image ?? (typeof fields.image === "string" ? await readImage(fields.image, fetchImage) : null);
  // The run holds its fields to its end; the picture's base64 is not needed any more.
  if (bytes) Object.assign(parsed.data as object, { image: IMAGE_PART });
  return { fields: parsed.data, picture: bytes && (await readPicture(bytes)) };
}
