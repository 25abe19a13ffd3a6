import type { Context } from "hono";
import { CreateAccountRequest, type CreateKeyRequest, type NewAccountAnswer, Scope } from "../../schemas/accounts.ts";
import { toHex } from "../../schemas/encodings.ts";
import { DEFAULT_PLAN } from "../../schemas/plans.ts";
import { ProblemError } from "../../schemas/problem.ts";
import { PUBLIC_ACCOUNT } from "../accounts/public-account.ts";
import { requireOperator } from "../middleware/access.ts";
import { fieldProblem } from "../request/field-problem.ts";
import { readJsonFields } from "../request/read-fields.ts";
import { untilAborted } from "../resilience/until-aborted.ts";
import { type AccountDependencies, NO_STORE, openAccount } from "./account-request.ts";
import { createKey } from "./create-key.ts";

const NAME_BYTES = 8;

/** `POST /operator/accounts`: a new account with a first key, which may do everything and is shown this once. */
export const createAccountRoute = (dependencies: AccountDependencies) =>
  async function createAccountRoute(context: Context): Promise<Response> {
    const { timer, deadlineMs, storeMs, randomBytes, accountFiles } = dependencies;
    await requireOperator(context, dependencies);
    const fields = await readJsonFields(context.req.raw, CreateAccountRequest, timer(deadlineMs));
    const { account = toHex(randomBytes(NAME_BYTES)), plan = DEFAULT_PLAN } = fields;
    // Its masks would be those of requests without an account.
    if (account === PUBLIC_ACCOUNT)
      throw fieldProblem([{ pointer: "/account", detail: "is reserved", value: account }]);
    // The list first: an account that is not in it would be in no sum of revenue.
    await untilAborted(accountFiles.enlist(account), timer(storeMs));
    const opened = openAccount(account, dependencies);
    if (!(await opened.ask((calls) => calls.create(plan)))) {
      throw new ProblemError("account_exists", `There is an account ${account} already.`);
    }
    const first: CreateKeyRequest = { name: "first key", mode: "live", scopes: [...Scope.options] };
    const answer: NewAccountAnswer = { account, plan, first_key: await createKey(opened, first, dependencies) };
    return context.json(answer, 201, NO_STORE);
  };
