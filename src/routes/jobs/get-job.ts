import type { Context } from "hono";
import { isEnd, JobParameters } from "../../../schemas/jobs.ts";
import type { RequestVariables } from "../../middleware/request-id.ts";
import { readParameters } from "../../request/read-fields.ts";
import { NO_STORE } from "../account-request.ts";
import type { PaidDeployment } from "../paid-deployment.ts";
import { askJob } from "./ask-job.ts";
import { jobAnswer, RETRY_AFTER_S } from "./job-answer.ts";
import { openJob } from "./open-job.ts";

/** `GET /v1/jobs/{id}`: where a job is. With `?wait=20` it answers when the job has ended, or after 20 s. */
export const getJobRoute = (deployment: PaidDeployment) =>
  async function getJobRoute(context: Context<RequestVariables>): Promise<Response> {
    const { wait } = readParameters(context.req.url, JobParameters);
    const { job, facts } = await openJob(context, deployment);
    const waitMs = wait * 1000;
    // The job notes what is shown of it while it runs.
    const latest = isEnd(facts.state) ? facts : await askJob(job.facts(waitMs, true), deployment, waitMs);
    const answer = latest ?? facts;
    if (!isEnd(answer.state)) context.header("Retry-After", String(RETRY_AFTER_S));
    return context.json(jobAnswer(answer), 200, NO_STORE);
  };

/** `DELETE /v1/jobs/{id}`: cancels what runs and keeps nothing. What was handed out of its findings is charged. */
export const deleteJobRoute = (deployment: PaidDeployment) =>
  async function deleteJobRoute(context: Context<RequestVariables>): Promise<Response> {
    const { job, facts } = await openJob(context, deployment);
    const canceled = await askJob(job.cancel(), deployment);
    return context.json(jobAnswer(canceled ?? facts), 200, NO_STORE);
  };
