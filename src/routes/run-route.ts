import type { Context } from "hono";
import type * as z from "zod/mini";
import { LIMITS } from "../../schemas/limits.ts";
import { toNanoDollars } from "../../schemas/money.ts";
import type { Allowance, RecognizeRequest } from "../../schemas/recognize.ts";
import { negotiate } from "../middleware/accept.ts";
import type { RequestVariables } from "../middleware/request-id.ts";
import type { Deployment } from "../pipeline/deployment.ts";
import { foldEvents } from "../pipeline/fold.ts";
import { openClaim, type Run, type RunOptions, startRun } from "../pipeline/run.ts";
import { bodyTooSlow } from "../request/bounded-body.ts";
import { type CheckedRequest, readRequest } from "../request/read-request.ts";

/** The account under which masks and overlays of anonymous requests are stored. */
export const PUBLIC_ACCOUNT = "public";

/**
 * Bytes of memory that a byte of a picture takes: as it came, without its metadata, and in its stores. Set by hand with
 * `npm run bench:memory`.
 */
const PICTURE_FACTOR = 3;

type AllowanceFields = Pick<RecognizeRequest, keyof typeof Allowance>;
type RunContext = Context<RequestVariables>;

/** A request that was read and checked, and the start of its run. */
export interface OpenRequest<Fields> {
  readonly request: CheckedRequest<Fields>;
  /** Starts the run of the request. Resolves and rejects as the work does. */
  readonly start: <T>(work: (run: Run) => Promise<T>, options?: StartOptions) => Promise<T>;
}

interface StartOptions extends Pick<RunOptions, "listen"> {
  /** Ends the run when it aborts, as the caller's leaving does. */
  readonly gone?: AbortSignal;
}

/**
 * Reads and checks a request. The deadline starts before the body is read; the request's own shortens it once its
 * fields are known.
 *
 * @throws ProblemError when the request is invalid
 */
export async function openRequest<Schema extends z.ZodMiniType>(
  context: RunContext,
  deployment: Deployment,
  schema: Schema,
): Promise<OpenRequest<z.infer<Schema>>> {
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
  return {
    request,
    start: (work, { listen, gone } = {}) => {
      const ends = gone ? AbortSignal.any([signal, gone]) : signal;
      return startRun({ ...options, signal: ends, ...(listen && { listen }) }, deployment, async (run) => {
        try {
          return await work(run);
        } finally {
          context.set("stages", [...foldEvents(run.events).stages]);
        }
      });
    },
  };
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
    const { request, start } = await openRequest(context, deployment, schema);
    return context.json(await start((run) => operation(run, request)));
  };
}
