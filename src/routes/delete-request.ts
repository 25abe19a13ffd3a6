import type { Context } from "hono";
import { isEnd, JobId } from "../../schemas/jobs.ts";
import { LIMITS } from "../../schemas/limits.ts";
import { ProblemError } from "../../schemas/problem.ts";
import { askAccount } from "../accounts/ask-account.ts";
import { requireKey, withAccounts } from "../middleware/access.ts";
import type { RequestVariables } from "../middleware/request-id.ts";
import { untilAborted } from "../resilience/until-aborted.ts";
import { askJob } from "./jobs/ask-job.ts";
import type { PaidDeployment } from "./paid-deployment.ts";

/**
 * `DELETE /v1/requests/{id}`: deletes what a request of the key's account left: its masks, its overlay, its kept answer
 * and the cache entries that only it wrote; of a job also what `DELETE /v1/jobs/{id}` deletes. What another request of
 * the account left as well stays. The charge stays. A request that left nothing, or of which all is deleted, gets the
 * same answer. While it runs, it cannot be deleted: what it stores then would stay.
 */
export const deleteRequestRoute = (deployment: PaidDeployment) =>
  async function deleteRequestRoute(context: Context<RequestVariables, "/v1/requests/:id">): Promise<Response> {
    const { account: id } = await requireKey(context, deployment, null);
    const request = context.req.param("id");
    if (!JobId.safeParse(request).success) throw new ProblemError("not_found", "There is no such request.");
    const account = withAccounts(deployment.access).accounts.at(id);
    const job = deployment.jobs.at(request);
    const facts = await askJob(job.facts(0), deployment);
    const isJob = facts?.order.account === id;
    /** The same once the account has heard of the end of a job, which is told behind the job's answer. */
    const leftByEnded = async () => {
      await askJob(job.settled(LIMITS.accountMs), deployment, LIMITS.accountMs).catch(() => undefined);
      return askAccount(account.leftBy(request), deployment);
    };
    const isOver = !isJob || isEnd(facts.state);
    const names = isOver ? ((await askAccount(account.leftBy(request), deployment)) ?? (await leftByEnded())) : null;
    if (!names) {
      const detail = `${request} is still running: delete what it left when it has ended.`;
      throw new ProblemError("request_in_flight", detail, { first_request_id: request }, { "Retry-After": "1" });
    }
    if (isJob) await askJob(job.cancel(), deployment);
    // The names are forgotten last, so that a deletion that breaks off can be repeated.
    await untilAborted(deployment.leftovers.delete(names), deployment.timer(deployment.deadlineMs));
    await askAccount(account.forgetRequest(request), deployment);
    return context.body(null, 204);
  };
