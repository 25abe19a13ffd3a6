import { createMiddleware } from "hono/factory";
import { ProblemError } from "../../schemas/problem.ts";

/**
 * Refuse everything but `/health` while the deployment cannot be trusted or cannot work. @param fault what is wrong;
 * null for nothing
 */
export const configured = (fault: string | null) =>
  createMiddleware(async function configured(context, next) {
    if (fault !== null && context.req.path !== "/health") throw new ProblemError("misconfigured", fault);
    await next();
  });
