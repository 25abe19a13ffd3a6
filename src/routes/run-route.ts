import type { Context } from "hono";
import { toUtf8 } from "../../schemas/encodings.ts";
import { LIMITS } from "../../schemas/limits.ts";
import type { Charge, PaidOperation, Units } from "../../schemas/prices.ts";
import type { Allowance, RecognizeRequest } from "../../schemas/recognize.ts";
import { deliveredUnits } from "../../schemas/units.ts";
import { isBegunJob } from "../accounts/paid-request.ts";
import { negotiate } from "../middleware/accept.ts";
import type { RequestVariables } from "../middleware/request-id.ts";
import { deploymentUrl } from "../net/deployment-url.ts";
import { costOfStages } from "../pipeline/attempt-cost.ts";
import { deploymentFor } from "../pipeline/deployment.ts";
import { foldEvents } from "../pipeline/fold.ts";
import { PICTURE_FACTOR } from "../pipeline/picture/read-picture.ts";
import { openClaim, type Run, type RunOptions, startRun } from "../pipeline/run.ts";
import { bodyTooSlow } from "../request/bounded-body.ts";
import { drain } from "../request/drain.ts";
import { fieldProblem } from "../request/field-problem.ts";
import { maximumCostOf, OPERATIONS } from "../request/operations.ts";
import { type Preference, readPreference } from "../request/preference.ts";
import { type CheckedRequest, readFields, readRequestPicture } from "../request/read-request.ts";
import type { SentAnswer } from "../storage/answer-store.ts";
import { type Charging, type Opening, openCharging } from "./charging.ts";
import { beginJob } from "./jobs/begin-job.ts";
import type { PaidDeployment } from "./paid-deployment.ts";
import { paidRoute } from "./paid-route.ts";
import { openPayment } from "./payment-charging.ts";

type AllowanceFields = Pick<RecognizeRequest, keyof typeof Allowance>;
type RunContext = Context<RequestVariables>;

/** An operation that is paid, and the media type of its answer. */
export interface Asking {
  readonly operation: PaidOperation;
  readonly type: string;
}

/** A request that was read, checked and admitted, and the start of its run. */
export interface OpenRequest {
  readonly request: CheckedRequest<unknown>;
  readonly charging: Charging;
  /** Starts the run of the request. Resolves and rejects as the work does. */
  readonly start: <T>(work: (run: Run) => Promise<T>, options?: StartOptions) => Promise<T>;
  /** Ends the request with what its run delivered: charges it, and keeps the answer where it is to be kept. */
  readonly settle: (units: Units, answer: SentAnswer | null) => Promise<Readonly<Record<string, string>>>;
}

interface StartOptions extends Pick<RunOptions, "listen"> {
  /** Ends the run when it aborts, as the caller's leaving does. */
  readonly gone?: AbortSignal;
}

/**
 * Reads and checks a request, and has it admitted. The deadline starts before the body is read; the request's own
 * shortens it once its fields are known.
 *
 * @returns a response where an earlier request with its `Idempotency-Key` was answered
 * @throws ProblemError when the request is invalid, or may not run
 */
export async function openRequest(
  context: RunContext,
  deployment: PaidDeployment,
  { operation, type }: Asking,
): Promise<OpenRequest | Response> {
  const { schema } = OPERATIONS[operation];
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
  const readAdmitted = async () => {
    const opening = (await openCharging(context, deployment)) ?? openPayment(context, deployment);
    const read = await readFields(context.req.raw, schema, reading, claim, opening.bodyBytes);
    const preference = readPreference(context.req.header("prefer"));
    if (takesJob(opening, preference, read.fields as JobFields)) {
      return beginJob(context, deployment, { operation, type, read, opening, preference, started });
    }
    limitTime(read.fields);
    const charging = await opening.admit({ operation, type, deadline: started + deadlineMs, read, isJob: false });
    if (charging instanceof Response) return charging;
    if (isBegunJob(charging)) throw new Error("no job was asked for");
    for (const [name, value] of Object.entries(charging.headers)) context.header(name, value);
    try {
      const request = await readRequestPicture(read, (address) => fetchPicture(address, reading, received));
      return { request, charging };
    } catch (error) {
      await charging.release();
      throw error;
    }
  };
  const opened = await readAdmitted().catch(async (error) => {
    claim.end();
    await drain(context.req.raw, reading);
    throw error;
  });
  if (opened instanceof Response) {
    claim.end();
    return opened;
  }
  const { request, charging } = opened;
  // The body and its text are garbage now.
  claim.shrinkTo(PICTURE_FACTOR * (request.picture?.bytes.length ?? 0));
  const asked = deploymentFor(charging.mode, deployment);
  const options = {
    id: context.get("requestId"),
    account: charging.account,
    // A repeat gets the answer that is kept: the run goes on for it when the caller leaves.
    signal: charging.keeps ? new AbortController().signal : signal,
    origin: deploymentUrl(deployment.publicUrl, context.req.url),
    waitUntil: (behind: Promise<unknown>) => context.executionCtx.waitUntil(behind),
    deadlineMs: left(),
    claim,
    store: (request.fields as { store: boolean }).store,
    maximumCost: maximumCostOf(request.fields),
    fallback: (request.fields as AllowanceFields).fallback,
  };
  let ran: Run | null = null;
  return {
    request,
    charging,
    start: async (work, { listen, gone } = {}) => {
      const ends = gone && !charging.keeps ? AbortSignal.any([signal, gone]) : options.signal;
      return startRun({ ...options, signal: ends, ...(listen && { listen }) }, asked, async (run) => {
        ran = run;
        try {
          return await work(run);
        } finally {
          context.set("stages", [...foldEvents(run.events).stages]);
        }
      });
    },
    settle: (units, answer) => {
      const cost = costOfStages(context.get("stages") ?? []);
      return charging.settle({ units, cost, left: [...(ran?.left ?? [])] }, answer);
    },
  };
}

type JobFields = Pick<RecognizeRequest, "webhook" | "deadline_ms">;

/**
 * Whether a job answers a request: where it prefers that, or has a webhook. A payment is settled with its answer, so it
 * gets none.
 */
function takesJob(
  { takesJobs }: Opening,
  { isAsync }: Preference,
  { webhook, deadline_ms: own = 0 }: JobFields,
): boolean {
  if (takesJobs && (isAsync || webhook)) return true;
  if (webhook) throw fieldProblem([{ pointer: "/webhook", detail: "needs a key, and the request has a payment" }]);
  if (own <= LIMITS.deadlineMs) return false;
  const detail = `must be at most ${LIMITS.deadlineMs} without Prefer: respond-async, Prefer: wait or a webhook`;
  throw fieldProblem([{ pointer: "/deadline_ms", detail, limit: LIMITS.deadlineMs, value: own }]);
}

/** A route with a JSON answer: `POST /v1/mner` and the other single stages. */
export function jsonRoute(deployment: PaidDeployment, operation: PaidOperation) {
  return paidRoute(async function jsonRoute(context) {
    const type = negotiate(context.req.header("accept"), ["application/json"]);
    const opened = await openRequest(context, deployment, { operation, type });
    if (opened instanceof Response) return opened;
    return answerWith(context, opened, async (run) => {
      const answer = await OPERATIONS[operation].answer(run, opened.request);
      return { units: deliveredUnits(operation, answer), render: jsonOf(answer) };
    });
  });
}

/** What a run delivered: its units, and its answer's bytes once it is known what they cost. */
export interface Delivered {
  readonly units: Units;
  readonly render: (charge: Charge | null) => Omit<SentAnswer, "status">;
}

/** An answer as JSON, with what it cost. */
export function jsonOf(answer: object): Delivered["render"] {
  return (charge) => ({
    contentType: "application/json",
    body: toUtf8(JSON.stringify({ ...answer, charge })),
  });
}

/** Runs a request, charges what it delivered and answers with it. What delivers nothing costs nothing. */
export async function answerWith(
  context: RunContext,
  { charging, start, settle }: OpenRequest,
  work: (run: Run) => Promise<Delivered>,
): Promise<Response> {
  const { units, render } = await start(work).catch(async (error) => {
    await charging.release();
    throw error;
  });
  const charge = charging.charge(units);
  const sent = { status: 200, ...render(charge) } as const;
  const headers = await settle(units, sent);
  tellCharge(context, charge);
  for (const [name, value] of Object.entries(headers)) context.header(name, value);
  return context.body(sent.body, 200, { "Content-Type": sent.contentType });
}

/** Tells what the answer cost, in a header for answers that are no JSON, and for the access log. */
export function tellCharge(context: RunContext, charge: Charge | null): void {
  if (!charge) return;
  context.set("charge", charge);
  context.header("X-Charge-Usd", charge.amount_usd);
}
