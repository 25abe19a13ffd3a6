import type { Context } from "hono";
import { CreditRequest } from "../../schemas/accounts.ts";
import { LIMITS } from "../../schemas/limits.ts";
import { toNanoDollars, toUsd } from "../../schemas/money.ts";
import { ProblemError } from "../../schemas/problem.ts";
import { fieldProblem } from "../request/field-problem.ts";
import { readJsonFields } from "../request/read-fields.ts";
import { type AccountDependencies, NO_STORE, type OpenRequestedAccount } from "./account-request.ts";
import { balanceAnswer } from "./balance.ts";

/** `POST /operator/accounts/{account}/credit`: money without a payment provider, once a reference. */
export const creditAccountRoute = (open: OpenRequestedAccount, { timer, deadlineMs }: AccountDependencies) =>
  async function creditAccountRoute(context: Context): Promise<Response> {
    const { account, ask } = await open(context);
    const { amount_usd, reference } = await readJsonFields(context.req.raw, CreditRequest, timer(deadlineMs));
    const amount = toNanoDollars(amount_usd);
    const { available, reserved } = await ask((calls) => calls.balance());
    const room = toNanoDollars(String(LIMITS.mostBalanceUsd)) - available - reserved;
    const most = Math.max(0, Math.min(toNanoDollars(String(LIMITS.mostTopUpUsd)), room));
    if (amount === 0 || amount > most) {
      const limit = toUsd(most);
      const detail = `must be above 0 and at most ${limit}`;
      throw fieldProblem([{ pointer: "/amount_usd", detail, limit, value: amount_usd }]);
    }
    const { before } = await ask((calls) => calls.transfer({ kind: "credit", reference, amount }));
    if (before !== null && before !== amount) {
      const detail = `The reference was credited before, with USD ${toUsd(before)}. Nothing was credited now.`;
      throw new ProblemError("reference_used", detail);
    }
    return context.json(balanceAnswer(account, await ask((calls) => calls.balance())), 200, NO_STORE);
  };
