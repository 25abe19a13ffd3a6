import { createMiddleware } from "hono/factory";
import { type FieldError, ProblemError } from "../../schemas/problem.ts";

/**
 * What a request may ask for in its headers that is designed and not built: refused by name, as a field would be, and
 * never ignored.
 */
const PLANNED: ReadonlyArray<readonly [header: string, asked: RegExp, name: string]> = [
  ["prefer", /\brespond-async\b/i, "Prefer: respond-async"],
  ["accept", /^\s*text\/event-stream\b/i, "Accept: text/event-stream"],
  ["authorization", /^\s*bearer\s+nk_/i, "Authorization: Bearer nk_…"],
  ["idempotency-key", /./, "Idempotency-Key"],
];

/** Throws `field_not_supported` for such a header. */
export const notBuilt = createMiddleware(async function notBuilt(context, next) {
  for (const [header, asked, name] of PLANNED) {
    if (!asked.test(context.req.header(header) ?? "")) continue;
    const errors: FieldError[] = [{ pointer: "", detail: `${name} is not supported yet` }];
    throw new ProblemError("field_not_supported", `The header ${name} is not supported yet.`, { errors });
  }
  await next();
});
