import { createMiddleware } from "hono/factory";
import { LIMITS } from "../../schemas/limits.ts";
import { ProblemError } from "../../schemas/problem.ts";

/** Throws `uri_too_long` when the address has more than `LIMITS.addressLength` characters, before anything reads it. */
export const addressLength = createMiddleware(async function addressLength(context, next) {
  const { length } = context.req.url;
  if (length > LIMITS.addressLength) {
    const detail = `The address has ${length} characters; the limit is ${LIMITS.addressLength}.`;
    throw new ProblemError("uri_too_long", detail);
  }
  await next();
});
