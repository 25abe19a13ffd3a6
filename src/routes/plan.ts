import type { Context } from "hono";
import { PlanRequest } from "../../schemas/accounts.ts";
import { readJsonFields } from "../request/read-fields.ts";
import { type AccountDependencies, NO_STORE, type OpenRequestedAccount } from "./account-request.ts";
import { balanceAnswer } from "./balance.ts";

/** `PUT /operator/accounts/{account}/plan`: what the account may do from now on. */
export const planRoute = (open: OpenRequestedAccount, { timer, deadlineMs }: AccountDependencies) =>
  async function planRoute(context: Context): Promise<Response> {
    const { account, ask } = await open(context);
    const { plan } = await readJsonFields(context.req.raw, PlanRequest, timer(deadlineMs));
    await ask((calls) => calls.setPlan(plan));
    return context.json(balanceAnswer(account, await ask((calls) => calls.balance())), 200, NO_STORE);
  };
