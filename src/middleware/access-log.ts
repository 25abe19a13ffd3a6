import { createMiddleware } from "hono/factory";
import { routePath } from "hono/route";
import type { Log } from "../observe/log.ts";
import type { RequestVariables } from "./request-id.ts";

/**
 * Gives every log one line per request, when its work has ended. It contains no word of a model, not even its name, and
 * the route's pattern instead of the URL, because links contain signatures and a path may contain anything.
 */
export const accessLog = (logs: readonly Log[], clock: () => number) =>
  createMiddleware<RequestVariables>(async function accessLog(context, next) {
    const started = clock();
    await next();
    const working = context.get("working");
    if (working) context.executionCtx.waitUntil(working.then(write, write));
    else write();

    function write() {
      const { method } = context.req;
      const route = routePath(context, -1);
      const stages = context.get("stages")?.map(({ stage, provider, attempts, cached, ms, cost_usd }) => {
        return { stage, provider, attempts, cached, ms, cost_usd };
      });
      const { status } = context.res;
      const charge = context.get("charge");
      const line = {
        event: "request",
        request_id: context.get("requestId"),
        method,
        route,
        status,
        ms: clock() - started,
        ...(charge ? { charge_usd: charge.amount_usd } : {}),
        ...(stages ? { stages } : {}),
      };
      for (const log of logs) log(line);
    }
  });
