import { ProblemError } from "../../schemas/problem.ts";
import type { Picture } from "../pipeline/picture/read-picture.ts";

/**
 * The picture of a request that must have one. Throws a `ProblemError` when it has none.
 *
 * @param purpose end of the sentence "/image is required …", such as `for an overlay`
 */
export function requirePicture(picture: Picture | null, purpose = ""): Picture {
  if (picture) return picture;
  const detail = purpose === "" ? "is required" : `is required ${purpose}`;
  throw new ProblemError("invalid_request", `/image ${detail}.`, { errors: [{ pointer: "/image", detail }] });
}
