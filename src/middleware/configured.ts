import { createMiddleware } from "hono/factory";
import { ProblemError } from "../../schemas/problem.ts";

/** Answers everything but `/health` with `misconfigured` when the configuration has faults. */
export const configured = (faults: readonly string[]) =>
  createMiddleware(async function configured(context, next) {
    if (faults.length > 0 && context.req.path !== "/health") {
      throw new ProblemError("misconfigured", `${faults.join("; ")}.`);
    }
    await next();
  });
