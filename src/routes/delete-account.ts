import type { Context } from "hono";
import { Owner } from "../../schemas/accounts.ts";
import { ProblemError } from "../../schemas/problem.ts";
import { PUBLIC_ACCOUNT } from "../accounts/public-account.ts";
import { requireOperator } from "../middleware/access.ts";
import { untilAborted } from "../resilience/until-aborted.ts";
import { type AccountDependencies, openAccount } from "./account-request.ts";

/**
 * `DELETE /operator/accounts/{account}`: deletes an account and all its data, also its sources of incoming messages.
 * Its keys are deleted first, so that no request stores anything more. It may be repeated, so that a deletion that
 * failed half-way is completed.
 */
export const deleteAccountRoute = (dependencies: AccountDependencies) =>
  async function deleteAccountRoute(context: Context): Promise<Response> {
    const { timer, deadlineMs, accountFiles, sources } = dependencies;
    await requireOperator(context, dependencies);
    const account = context.req.param("account") ?? "";
    if (!Owner.safeParse(account).success || account === PUBLIC_ACCOUNT) {
      throw new ProblemError("not_found", "There is no such account.");
    }
    await openAccount(account, dependencies).ask((calls) => calls.deleteAccount());
    const late = timer(deadlineMs);
    await untilAborted(sources.deleteAllOf(account), late);
    // The account leaves the list of all accounts last.
    await untilAborted(accountFiles.deleteAll(account), late);
    return context.body(null, 204);
  };
