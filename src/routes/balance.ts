import type { Context } from "hono";
import type { BalanceAnswer } from "../../schemas/accounts.ts";
import { toUsd } from "../../schemas/money.ts";
import type { Balance } from "../accounts/calls.ts";
import { webhookHeaders } from "../accounts/paid-request.ts";
import { NO_STORE, type OpenRequestedAccount } from "./account-request.ts";

/** `GET /v1/balance`, and the operator's `GET /operator/accounts/{account}/balance`. */
export const balanceRoute = (open: OpenRequestedAccount) =>
  async function balanceRoute(context: Context): Promise<Response> {
    const { account, ask } = await open(context);
    const balance = await ask((calls) => calls.balance());
    const headers = { ...NO_STORE, ...webhookHeaders(balance.disabledWebhooks) };
    return context.json(balanceAnswer(account, balance), 200, headers);
  };

export function balanceAnswer(account: string, { plan, available, reserved, owed }: Balance): BalanceAnswer {
  return { account, plan, balance_usd: toUsd(available), reserved_usd: toUsd(reserved), owed_usd: toUsd(owed) };
}
