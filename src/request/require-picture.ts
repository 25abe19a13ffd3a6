import type { Picture } from "../pipeline/picture/read-picture.ts";
import { fieldProblem } from "./field-problem.ts";

/**
 * The picture of a request that must have one. Throws a `ProblemError` when it has none.
 *
 * @param purpose end of the sentence "/image is required …", such as `for an overlay`
 */
export function requirePicture(picture: Picture | null, purpose = ""): Picture {
  if (picture) return picture;
  const detail = purpose === "" ? "is required" : `is required ${purpose}`;
  throw fieldProblem([{ pointer: "/image", detail }]);
}
