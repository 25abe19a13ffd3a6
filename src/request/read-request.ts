import * as z from "zod/mini";
import { type Picture, readPicture } from "../pipeline/picture/read-picture.ts";
import { invalidRequest } from "./field-errors.ts";
import { readBody } from "./read-body.ts";
import { type FetchPicture, readImage } from "./read-image.ts";

/** A request's fields as their schema has them, and its picture. */
export interface ReadRequest<Fields> {
  readonly fields: Fields;
  readonly picture: Picture | null;
}

/** Stands where a part of the form is the picture, so that a schema which requires one is content. */
const PART = "multipart";

/**
 * Read a JSON or multipart request. Throws a `ProblemError` that names every field that is wrong.
 *
 * @param fetchPicture gets a picture that is given by its address
 */
export async function readRequest<Schema extends z.ZodMiniType>(
  request: Request,
  schema: Schema,
  fetchPicture: FetchPicture,
): Promise<ReadRequest<z.infer<Schema>>> {
  const { fields, image } = await readBody(request);
  const asked = image ? { ...fields, image: PART } : fields;
  const parsed = z.safeParse(schema, asked);
  if (!parsed.success) throw invalidRequest(parsed.error.issues, asked, schema);
  const bytes = image ?? (typeof fields.image === "string" ? await readImage(fields.image, fetchPicture) : null);
  return { fields: parsed.data, picture: bytes && (await readPicture(bytes)) };
}
