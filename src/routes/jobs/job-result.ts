import type { Context } from "hono";
import { isEnd, type JobState } from "../../../schemas/jobs.ts";
import { ProblemError } from "../../../schemas/problem.ts";
import type { RecognizeAnswer } from "../../../schemas/recognize.ts";
import { drawResult } from "../../jobs/draw-result.ts";
import { negotiate } from "../../middleware/accept.ts";
import type { RequestVariables } from "../../middleware/request-id.ts";
import { deploymentUrl } from "../../net/deployment-url.ts";
import { requirePicture } from "../../request/require-picture.ts";
import { freshLinks } from "../fresh-links.ts";
import type { PaidDeployment } from "../paid-deployment.ts";
import { askJob } from "./ask-job.ts";
import { RETRY_AFTER_S } from "./job-answer.ts";
import { type OpenJob, openJob } from "./open-job.ts";

const DRAWN = ["image/png", "image/svg+xml"] as const;

/** `GET /v1/jobs/{id}/result`: the answer, as `/v1/recognize` and the single stages give it. */
export const jobResultRoute = (deployment: PaidDeployment) =>
  async function jobResultRoute(context: Context<RequestVariables>): Promise<Response> {
    return sendResult(context, deployment, await openJob(context, deployment));
  };

/**
 * Answers with the result of a job.
 *
 * @throws ProblemError `job_running`, `result_gone`, or why the job failed
 */
export async function sendResult(
  context: Context<RequestVariables>,
  deployment: PaidDeployment,
  opened: OpenJob,
): Promise<Response> {
  const { id, job, facts } = opened;
  const { operation } = facts.order;
  const offered = ["application/json", ...(operation === "recognize" ? DRAWN : [])] as const;
  const type = negotiate(context.req.header("accept"), offered);
  context.header("Vary", "Accept");
  context.header("Cache-Control", "no-store");
  if (!isEnd(facts.state)) throw running(id, facts.state);
  if (facts.problem) throw problemOf(facts.problem);
  const result = facts.state === "canceled" ? null : await askJob(job.result(), deployment);
  if (!result) throw gone(id, facts.state);
  if (result.charge) context.header("X-Charge-Usd", result.charge.amount_usd);
  const answer = await freshLinks(JSON.parse(result.answer), deployment);
  const response =
    type === "application/json"
      ? context.json({ ...answer, charge: result.charge })
      : await draw(context, deployment, opened, answer, type);
  context.executionCtx.waitUntil(job.fetched().catch(() => undefined));
  return response;
}

async function draw(
  context: Context<RequestVariables>,
  deployment: PaidDeployment,
  { id, facts }: OpenJob,
  answer: object,
  type: (typeof DRAWN)[number],
): Promise<Response> {
  const { order } = facts;
  if (order.operation !== "recognize" || order.image === null) requirePicture(null, "for an overlay");
  const drawing = {
    ...{ job: id, account: order.account, id: context.get("requestId") },
    signal: context.req.raw.signal,
    origin: deploymentUrl(deployment.publicUrl, context.req.url),
    waitUntil: (behind: Promise<unknown>) => context.executionCtx.waitUntil(behind),
  };
  const drawn = await drawResult(drawing, answer as RecognizeAnswer, type, deployment);
  return context.body(drawn, 200, { "Content-Type": type });
}

function problemOf({ code, detail, ...document }: NonNullable<OpenJob["facts"]["problem"]>): ProblemError {
  const { type: _, title: _title, status: _status, request_id: _id, ...fields } = document;
  return new ProblemError(code, detail, fields);
}

function running(id: string, state: JobState): ProblemError {
  return new ProblemError("job_running", `${id} is ${state}.`, {}, { "Retry-After": String(RETRY_AFTER_S) });
}

/** The problem of a result that is not kept. */
export function gone(id: string, state: JobState): ProblemError {
  const why = state === "canceled" ? "was canceled" : "has ended, and its result is no longer kept";
  return new ProblemError("result_gone", `${id} ${why}.`);
}
