import type { Context } from "hono";
import type * as z from "zod/mini";
import { LIMITS } from "../../schemas/limits.ts";
import { toNanoDollars } from "../../schemas/money.ts";
import type { Allowance, RecognizeRequest } from "../../schemas/recognize.ts";
import { negotiate } from "../middleware/accept.ts";
import type { RequestVariables } from "../middleware/request-id.ts";
import type { Deployment } from "../pipeline/deployment.ts";
import { foldEvents } from "../pipeline/fold.ts";
import { openClaim, type Run, startRun } from "../pipeline/run.ts";
import { bodyTooSlow } from "../request/bounded-body.ts";
import { type CheckedRequest, readRequest } from "../request/read-request.ts";

/** The account under which masks and overlays of anonymous requests are stored. */
const PUBLIC_ACCOUNT = "public";

/**
 * Bytes of memory that a byte of a picture takes: as it came, without its metadata, and in its stores. Set by hand with
 * `npm run bench:memory`.
 */
const PICTURE_FACTOR = 3;

type AllowanceFields = Pick<RecognizeRequest, keyof typeof Allowance>;
type RunContext = Context<RequestVariables>;

/**
 * Reads and checks a request, then does its work in a run. The deadline starts before the body is read; the
 * request's own shortens it once its fields are known.
 *
 * @throws ProblemError when the request is invalid, or the work throws one
 */
export async function runRequest<Schema extends z.ZodMiniType>(
  context: RunContext,
  deployment: Deployment,
  schema: Schema,
  work: (run: Run, request: CheckedRequest<z.infer<Schema>>) => Promise<Response>,
): Promise<Response> {
  const { clock, timer, fetchPicture } = deployment;
  const started = clock();
  const { signal } = context.req.raw;
  let { deadlineMs } = deployment;
  let reading = AbortSignal.any([signal, timer(deadlineMs)]);
  const left = () => deadlineMs - (clock() - started);
  const limitTime = (fields: unknown) => {
    const { deadline_ms: own = deadlineMs } = fields as AllowanceFields;
    if (own >= deadlineMs) return;
    deadlineMs = own;
    if (left() <= 0) throw bodyTooSlow();
    reading = AbortSignal.any([reading, timer(left())]);
  };
  const claim = openClaim(deployment);
  const received = (bytes: number) => claim.grow(PICTURE_FACTOR * bytes);
  const fetchImage = (address: string) => fetchPicture(address, reading, received);
  const checked = readRequest(context.req.raw, schema, fetchImage, reading, claim, limitTime).catch(async (error) => {
    claim.end();
    await drain(context.req.raw, reading);
    throw error;
  });
  // Without this, workerd stops the reading when the caller hangs up, and nothing ends the claim.
  context.executionCtx.waitUntil(checked.catch(() => undefined));
  const request = await checked;
  // The body and its text are garbage now.
  claim.shrinkTo(PICTURE_FACTOR * (request.picture?.bytes.length ?? 0));
  const options = {
    id: context.get("requestId"),
    account: PUBLIC_ACCOUNT,
    signal,
    origin: deployment.publicUrl ?? new URL(new URL(context.req.url).origin),
    waitUntil: (behind: Promise<unknown>) => context.executionCtx.waitUntil(behind),
    deadlineMs: left(),
    claim,
    store: (request.fields as { store: boolean }).store,
    maximumCost: maximumCostOf(request.fields as AllowanceFields),
    fallback: (request.fields as AllowanceFields).fallback,
  };
  return startRun(options, deployment, async (run) => {
    try {
      return await work(run, request);
    } finally {
      context.set("stages", [...foldEvents(run.events).stages]);
    }
  });
}

function maximumCostOf({ max_cost_usd }: AllowanceFields): number | null {
  return max_cost_usd === undefined ? null : toNanoDollars(max_cost_usd);
}

/**
 * Reads and discards the rest of a request's body, at most `LIMITS.bodyBytes`. Without this, the connection is reset
 * while the caller still sends, and most callers never see the answer.
 */
async function drain({ body }: Request, signal: AbortSignal): Promise<void> {
  let left: number = LIMITS.bodyBytes;
  const nowhere = new WritableStream<Uint8Array>({
    write({ length }, controller) {
      left -= length;
      if (left < 0) controller.error();
    },
  });
  if (body && !body.locked) await body.pipeTo(nowhere, { signal }).catch(() => undefined);
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
