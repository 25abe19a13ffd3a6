import { createMiddleware } from "hono/factory";

/** Does work behind the first request of an isolate. */
export const once = (work: () => Promise<void>) => {
  let begun = false;
  return createMiddleware(async function once(context, next) {
    if (!begun) {
      begun = true;
      context.executionCtx.waitUntil(work());
    }
    await next();
  });
};
