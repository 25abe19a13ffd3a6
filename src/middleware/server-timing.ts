import { createMiddleware } from "hono/factory";
import type { StageRecord } from "../../schemas/recognize.ts";
import type { RequestVariables } from "./request-id.ts";

/**
 * Tells in `Server-Timing` (www.w3.org/TR/server-timing) how many milliseconds each stage took: one metric for each
 * stage record, and `total`. A stream has none, because its header leaves before its stages have run.
 */
export const serverTiming = (clock: () => number) =>
  createMiddleware<RequestVariables>(async function serverTiming(context, next) {
    const started = clock();
    await next();
    const stages = context.get("stages");
    if (!stages || context.get("working")) return;
    const total = `total;dur=${Math.max(0, Math.round(clock() - started))}`;
    context.res.headers.set("Server-Timing", [...stages.map(metric), total].join(", "));
    context.res.headers.set("Timing-Allow-Origin", "*");
  });

function metric({ stage, provider, cached, ms }: StageRecord): string {
  return `${stage};dur=${Math.round(ms)};desc="${cached ? "cache" : provider}"`;
}
