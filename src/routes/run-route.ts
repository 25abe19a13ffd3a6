import type { Context } from "hono";
import type * as z from "zod/mini";
import { negotiate } from "../middleware/accept.ts";
import type { RequestVariables } from "../middleware/request-id.ts";
import type { Deployment } from "../pipeline/deployment.ts";
import { foldEvents } from "../pipeline/fold.ts";
import { type Run, startRun } from "../pipeline/run.ts";
import { type CheckedRequest, readRequest } from "../request/read-request.ts";

/** The account under which masks and overlays of anonymous requests are stored. */
const PUBLIC_ACCOUNT = "public";

type RunContext = Context<RequestVariables>;

/**
 * Reads and checks a request, then does its work in a run. The deadline starts before the body is read.
 *
 * @throws ProblemError when the request is invalid, or the work throws one
 */
export async function runRequest<Schema extends z.ZodMiniType>(
  context: RunContext,
  deployment: Deployment,
  schema: Schema,
  work: (run: Run, request: CheckedRequest<z.infer<Schema>>) => Promise<Response>,
): Promise<Response> {
  const { clock, deadlineMs, fetchPicture } = deployment;
  const started = clock();
  const { signal } = context.req.raw;
  const reading = AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)]);
  const request = await readRequest(context.req.raw, schema, (address) => fetchPicture(address, reading), reading);
  const options = {
    id: context.get("requestId"),
    account: PUBLIC_ACCOUNT,
    signal,
    origin: deployment.publicUrl ?? new URL(new URL(context.req.url).origin),
    waitUntil: (behind: Promise<unknown>) => context.executionCtx.waitUntil(behind),
    deadlineMs: deadlineMs - (clock() - started),
    store: (request.fields as { store: boolean }).store,
  };
  return startRun(options, deployment, async (run) => {
    try {
      return await work(run, request);
    } finally {
      context.set("stages", [...foldEvents(run.events).stages]);
    }
  });
}

/** A route with a JSON answer, which `operation` makes from the checked request. */
export function jsonRoute<Schema extends z.ZodMiniType>(
  deployment: Deployment,
  schema: Schema,
  operation: (run: Run, request: CheckedRequest<z.infer<Schema>>) => Promise<object>,
) {
  return async function jsonRoute(context: RunContext): Promise<Response> {
    negotiate(context.req.header("accept"), ["application/json"]);
    return runRequest(context, deployment, schema, async (run, request) => context.json(await operation(run, request)));
  };
}
