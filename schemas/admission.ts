import * as z from "zod/mini";
import { LIMITS } from "./limits.ts";

/**
 * Admission of posts to a host of model functions, beside Cog's protocol: a post is refused before any work, or all its
 * predictions are accepted. The Worker sends `PUT {endpoint}/admissions/{id}` before a post's first prediction. The
 * host answers 204 when it can do the post's work by the deadline; 409 with `Retry-After` (seconds) when it cannot; 503
 * with `Retry-After` while it loads its weights. The post's predictions have the id in the header `X-Admission`, and
 * are then not refused. `DELETE {endpoint}/admissions/{id}` ends the post. A host that answers 404 or 405 admits every
 * post.
 */
export const AdmissionRequest = z.strictObject({
  /** Whether models will see a picture of the post. Text alone takes a small part of the time. */
  picture: z.boolean(),
  /** Milliseconds until the post's deadline. */
  deadline_ms: z.int().check(z.gte(1), z.lte(LIMITS.deadlineMs)),
});
export type AdmissionRequest = z.infer<typeof AdmissionRequest>;

/** The header of a prediction that names the admitted post to which it belongs. */
export const ADMISSION_HEADER = "x-admission";

/** The form of a post's id. */
export const ADMISSION_ID = /^[\w-]{1,100}$/;
