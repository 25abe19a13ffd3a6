import type { Context } from "hono";
import type { RequestVariables } from "../middleware/request-id.ts";

/**
 * A route whose work goes on when the caller leaves: without that, workerd stops it on the spot, and neither the memory
 * that the request claimed nor the money that it reserved would be given back.
 */
export function paidRoute(handle: (context: Context<RequestVariables>) => Promise<Response>) {
  return (context: Context<RequestVariables>): Promise<Response> => {
    const handling = handle(context);
    context.executionCtx.waitUntil(handling.catch(() => undefined));
    return handling;
  };
}
