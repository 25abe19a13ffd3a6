import * as z from "zod/mini";
import { type Picture, readPicture } from "../pipeline/picture/read-picture.ts";
import { refuseQuery } from "./check-query.ts";
import { invalidRequest } from "./field-errors.ts";
import { readBody } from "./read-body.ts";
import { type FetchImage, readImage } from "./read-image.ts";

/** A request's fields, as their schema parsed them, and its picture; null when it has none. */
export interface CheckedRequest<Fields> {
  readonly fields: Fields;
  readonly picture: Picture | null;
}

/** Stands in for `image` when the picture is a part of the form, so that a schema which requires one accepts it. */
const IMAGE_PART = "multipart";

/**
 * Reads a JSON or multipart request. Throws a `ProblemError` that names every invalid field.
 *
 * @param fetchImage downloads the picture when `image` is an address
 * @param signal aborts when the request's time is over
 */
export async function readRequest<Schema extends z.ZodMiniType>(
  request: Request,
  schema: Schema,
  fetchImage: FetchImage,
  signal: AbortSignal,
): Promise<CheckedRequest<z.infer<Schema>>> {
  refuseQuery(request.url);
  const { fields, image } = await readBody(request, signal);
  const fieldsWithImage = image ? { ...fields, image: IMAGE_PART } : fields;
  const parsed = z.safeParse(schema, fieldsWithImage);
  if (!parsed.success) throw invalidRequest(parsed.error.issues, fieldsWithImage, schema);
  const bytes = image ?? (typeof fields.image === "string" ? await readImage(fields.image, fetchImage) : null);
  return { fields: parsed.data, picture: bytes && (await readPicture(bytes)) };
}
