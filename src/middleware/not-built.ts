import { createMiddleware } from "hono/factory";
import { type FieldError, ProblemError } from "../../schemas/problem.ts";

/** Request headers of planned features. They are refused by name instead of ignored, as planned fields are. */
const PLANNED: ReadonlyArray<readonly [header: string, pattern: RegExp, name: string]> = [
  ["prefer", /\brespond-async\b/i, "Prefer: respond-async"],
];

/** Throws `field_not_supported` when a request has such a header. */
export const notBuilt = createMiddleware(async function notBuilt(context, next) {
  for (const [header, pattern, name] of PLANNED) {
    if (!pattern.test(context.req.header(header) ?? "")) continue;
    const errors: FieldError[] = [{ pointer: "", detail: `${name} is not supported yet` }];
    throw new ProblemError("field_not_supported", `The header ${name} is not supported yet.`, { errors });
  }
  await next();
});
