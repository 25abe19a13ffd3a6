import type { Context } from "hono";
import { JobId } from "../../../schemas/jobs.ts";
import { ProblemError } from "../../../schemas/problem.ts";
import { PUBLIC_ACCOUNT } from "../../accounts/public-account.ts";
import type { JobCalls, JobFacts } from "../../jobs/calls.ts";
import { requireKey } from "../../middleware/access.ts";
import type { PaidDeployment } from "../paid-deployment.ts";
import { askJob } from "./ask-job.ts";

/** A job that the request may see. */
export interface OpenJob {
  readonly id: string;
  readonly job: JobCalls;
  readonly facts: JobFacts;
}

/** The account of whoever asks for a job or a batch: that of the key, or everybody's where there are no accounts. */
export async function askingAccount(context: Context, deployment: PaidDeployment): Promise<string> {
  if (deployment.access.mode === "open") return PUBLIC_ACCOUNT;
  return (await requireKey(context, deployment, null)).account;
}

/**
 * The job in the path.
 *
 * @throws ProblemError `not_found` where there is none, or it is another account's
 */
export async function openJob(context: Context, deployment: PaidDeployment): Promise<OpenJob> {
  const account = await askingAccount(context, deployment);
  const id = context.req.param("id") ?? "";
  if (JobId.safeParse(id).success) {
    const job = deployment.jobs.at(id);
    const facts = await askJob(job.facts(0), deployment);
    if (facts?.order.account === account) return { id, job, facts };
  }
  throw noSuchJob();
}

export function noSuchJob(): ProblemError {
  return new ProblemError("not_found", "There is no such job.");
}
