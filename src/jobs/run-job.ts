import { LIMITS } from "../../schemas/limits.ts";
import { toNanoDollars } from "../../schemas/money.ts";
import { type ProblemCode, ProblemError, problemDocument } from "../../schemas/problem.ts";
import { deliveredUnits } from "../../schemas/units.ts";
import { admitJob, admittedRequest, isBegunJob, type PaidDependencies } from "../accounts/paid-request.ts";
import { describeError } from "../observe/log.ts";
import { costOfStages } from "../pipeline/attempt-cost.ts";
import { deploymentFor } from "../pipeline/deployment.ts";
import { PICTURE_FACTOR, type Picture, readPicture } from "../pipeline/picture/read-picture.ts";
import { openClaim, startRun } from "../pipeline/run.ts";
import { maximumCostOf, OPERATIONS } from "../request/operations.ts";
import type { Claim } from "../resilience/memory-budget.ts";
import { untilAborted } from "../resilience/until-aborted.ts";
import type { Database } from "../storage/database.ts";
import type { JobOrder, JobPayer } from "./calls.ts";
import { JobCheckpoints } from "./checkpoints.ts";
import type { JobDeployment } from "./deployment.ts";
import { type JobEnding, notePicture, readJob, writePayer } from "./record.ts";

/** One process that works on a job. */
export interface JobProcess {
  readonly database: Database;
  readonly deployment: JobDeployment;
  /** Aborts when the job is canceled. */
  readonly canceled: AbortSignal;
  /** Called after each finding that is new. */
  readonly added: () => void;
  /** Takes work that goes on behind the run. */
  readonly waitUntil: (work: Promise<unknown>) => void;
}

/** Problems that pass. A job waits for that as long as it has time. */
const PASSING: ReadonlySet<ProblemCode> = new Set([
  "overloaded",
  "quota_exceeded",
  "too_many_at_once",
  "account_unavailable",
]);
/** Wait after a problem that passes and does not say when, in milliseconds. */
const WAIT_MS = 2_000;

/**
 * Works on a job until it has an answer, or a problem that waiting does not help. What earlier processes have done is
 * not done again. Null when the job was canceled.
 */
export async function runJob(process: JobProcess): Promise<JobEnding | null> {
  const { database, deployment, canceled } = process;
  const { order } = readJob(database);
  for (;;) {
    const behind: Promise<unknown>[] = [];
    const waitUntil = (work: Promise<unknown>) => {
      behind.push(work);
      process.waitUntil(work);
    };
    try {
      return await attempt({ ...process, waitUntil });
    } catch (error) {
      if (canceled.aborted) return null;
      const wait = waitAfter(error);
      const left = order.deadline - deployment.clock();
      if (wait === null || wait >= left) return endingOf(error, order, deployment);
      // The next try stores its picture under the same name as this one, which must have deleted it by then.
      const ready = Promise.allSettled([deployment.sleep(wait, canceled), ...behind]);
      await untilAborted(ready, AbortSignal.any([canceled, deployment.timer(left)])).catch(() => undefined);
      if (canceled.aborted) return null;
      if (deployment.clock() >= order.deadline) return endingOf(error, order, deployment);
    }
  }
}

async function attempt(process: JobProcess): Promise<JobEnding> {
  const { database, deployment, canceled, added, waitUntil } = process;
  const { order } = readJob(database);
  const left = () => Math.max(0, order.deadline - deployment.clock());
  const payer = await admittedPayer(process);
  const claim = openClaim({ memory: deployment.memory, deadlineMs: left() });
  try {
    const picture = await pictureOf(process, claim);
    const { id, account, operation, fields, origin, mode } = order;
    const options = {
      id,
      account,
      signal: canceled,
      origin: new URL(origin),
      waitUntil,
      deadlineMs: left(),
      deadline: order.deadline,
      maximumCost: maximumCostOf(fields),
      fallback: (fields as { fallback?: boolean }).fallback ?? true,
      store: isStored(order),
      claim,
      checkpoints: new JobCheckpoints(database, id, added),
    };
    const answer = await startRun(options, deploymentFor(mode, deployment), (run) =>
      OPERATIONS[operation].answer(run, { fields, picture }),
    );
    const units = deliveredUnits(operation, answer);
    const charge =
      payer.kind === "admitted" ? admittedRequest(payer.facts, paidDependencies(process)).charge(units) : null;
    const { partial, stages } = answer as { partial: boolean; stages: readonly { cost_usd: string | null }[] };
    const amount = charge ? toNanoDollars(charge.amount_usd) : 0;
    const delivery = { units, amount, cost: costOfStages(stages) };
    return { state: "succeeded", answered: { answer: JSON.stringify(answer), partial, charge, delivery } };
  } finally {
    claim.end();
  }
}

/** Whether what the job stores stays: `store` of its request. */
export function isStored({ fields }: Pick<JobOrder, "fields">): boolean {
  return (fields as { store?: boolean }).store ?? true;
}

/** Who pays, once the account has admitted the job. Throws a `ProblemError` when it does not. */
async function admittedPayer(process: JobProcess): Promise<JobPayer> {
  const { database, deployment } = process;
  const { order, payer } = readJob(database);
  if (payer.kind !== "asks") return payer;
  const { kind: _, ...asked } = payer;
  const { id: requestId, account, operation, deadline } = order;
  const settleMs = LIMITS.jobSettleSeconds * 1000;
  const admitMs = Math.max(0, deadline - deployment.clock());
  const admission = { settleMs, admitMs, repeatable: null, isAskedAgain: true };
  const call = { ...asked, account, requestId, operation, deadline, ...admission };
  const admitted = await admitJob(call, paidDependencies(process));
  if (isBegunJob(admitted)) throw new Error("a job is no repeat");
  const after: JobPayer = { kind: "admitted", facts: admitted.facts };
  writePayer(database, after, admitted.keepSeconds);
  return after;
}

/** What asking the account of a job needs. */
export function paidDependencies({
  deployment,
  waitUntil,
}: Pick<JobProcess, "deployment" | "waitUntil">): PaidDependencies {
  const { access, answers, timer, sleep, log, howToPay } = deployment;
  if (access.mode === "open") throw new Error("nobody pays where ACCESS is open");
  const { accounts } = access;
  return { account: (id) => accounts.at(id), answers, timer, sleep, log, howToPay, waitUntil };
}

/** The job's picture: from R2, or from its address, which is fetched once. Null when it has none. */
async function pictureOf({ database, deployment, canceled }: JobProcess, claim: Claim): Promise<Picture | null> {
  const { order, hasPicture } = readJob(database);
  const { id, account, image, deadline } = order;
  const { jobPictures, fetchPicture, timer, storeMs, clock, log } = deployment;
  if (!image) return null;
  const left = () => Math.max(0, deadline - clock());
  const inTime = () => timer(Math.min(storeMs, left()));
  if (hasPicture) {
    const got = jobPictures.get(account, id, (bytes) => claim.grow(PICTURE_FACTOR * bytes));
    const picture = await untilAborted(got, inTime()).catch((error) => {
      if (error instanceof ProblemError) throw error;
      throw new ProblemError("overloaded", "The picture could not be read from the store in time.");
    });
    if (!picture) throw new Error("the picture of a job is gone");
    return picture;
  }
  if (image.kind === "stored") throw new Error("the picture of a job was not stored");
  const late = AbortSignal.any([canceled, timer(left())]);
  const bytes = await fetchPicture(image.url, late, (received) => claim.grow(PICTURE_FACTOR * received));
  const picture = await readPicture(bytes);
  try {
    await untilAborted(jobPictures.put(account, id, picture), inTime());
    notePicture(database);
  } catch (error) {
    // Another process would fetch it again.
    log({ event: "picture_not_kept", ...describeError(error) });
  }
  return picture;
}

/** Milliseconds after which to try again; null when that does not help. */
function waitAfter(error: unknown): number | null {
  if (!(error instanceof ProblemError) || !PASSING.has(error.code)) return null;
  const seconds = Number(error.headers["Retry-After"]);
  return Number.isFinite(seconds) ? Math.max(1, seconds) * 1000 : WAIT_MS;
}

function endingOf(error: unknown, { id, deadline }: JobOrder, { clock, log }: JobDeployment): JobEnding {
  if (error instanceof ProblemError) {
    const { code, message, fields } = error;
    const isLate = code === "deadline_exceeded" || clock() >= deadline;
    return {
      state: isLate ? "expired" : "failed",
      problem: problemDocument(code, message, { ...fields, request_id: id }),
    };
  }
  log({ event: "error", request_id: id, ...describeError(error) });
  const problem = problemDocument("internal", "An unexpected error ended the job.", { request_id: id });
  return { state: clock() >= deadline ? "expired" : "failed", problem };
}
