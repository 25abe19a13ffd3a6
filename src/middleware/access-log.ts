import { createMiddleware } from "hono/factory";
import { routePath } from "hono/route";
import type { Log } from "../observe/log.ts";
import type { RequestVariables } from "./request-id.ts";

/**
 * One line a request. The route's pattern and not its address: links carry signatures, and strangers put anything into
 * a path.
 */
export const accessLog = (log: Log, clock: () => number) =>
  createMiddleware<RequestVariables>(async function accessLog(context, next) {
    const started = clock();
    await next();
    const { method } = context.req;
    const route = routePath(context, -1);
    const stages = context
      .get("stages")
      ?.map(({ stage, model, attempts, cached, ms }) => ({ stage, model, attempts, cached, ms }));
    const { status } = context.res;
    log({
      event: "request",
      request_id: context.get("requestId"),
      method,
      route,
      status,
      ms: clock() - started,
      ...(stages ? { stages } : {}),
    });
  });
