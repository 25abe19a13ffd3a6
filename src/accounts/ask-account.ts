import { LIMITS } from "../../schemas/limits.ts";
import { ProblemError } from "../../schemas/problem.ts";
import { describeError } from "../observe/log.ts";
import { untilAborted } from "../resilience/until-aborted.ts";
import type { Runtime } from "../runtime.ts";

/**
 * The account's answer to one call.
 *
 * @throws ProblemError `account_unavailable` when it does not come within `LIMITS.accountMs`
 */
export async function askAccount<T>(asked: Promise<T>, { timer, log }: Pick<Runtime, "timer" | "log">): Promise<T> {
  try {
    return await untilAborted(asked, timer(LIMITS.accountMs));
  } catch (error) {
    log({ event: "account_unavailable", ...describeError(error) });
    throw accountUnavailable();
  }
}

export function accountUnavailable(detail = `The account did not answer within ${LIMITS.accountMs} ms.`): ProblemError {
  return new ProblemError("account_unavailable", detail, {}, { "Retry-After": "1" });
}
