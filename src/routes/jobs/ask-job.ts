import { LIMITS } from "../../../schemas/limits.ts";
import { ProblemError } from "../../../schemas/problem.ts";
import { describeError } from "../../observe/log.ts";
import { untilAborted } from "../../resilience/until-aborted.ts";
import type { Runtime } from "../../runtime.ts";

/**
 * The answer of a job's Durable Object to one call.
 *
 * @param waitMs for which the call may wait by itself
 * @throws ProblemError `job_unavailable` when it does not come in time
 */
export async function askJob<T>(
  asked: Promise<T>,
  { timer, log }: Pick<Runtime, "timer" | "log">,
  waitMs = 0,
): Promise<T> {
  try {
    return await untilAborted(asked, timer(LIMITS.accountMs + waitMs));
  } catch (error) {
    log({ event: "job_unavailable", ...describeError(error) });
    const detail = `The job did not answer within ${LIMITS.accountMs + waitMs} ms.`;
    throw new ProblemError("job_unavailable", detail, {}, { "Retry-After": "1" });
  }
}
