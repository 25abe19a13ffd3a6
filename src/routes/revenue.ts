import type { Context } from "hono";
import { type RevenueAnswer, RevenueParameters, type RevenueRow } from "../../schemas/accounts.ts";
import { LIMITS } from "../../schemas/limits.ts";
import { toUsd } from "../../schemas/money.ts";
import { NO_UNITS, PaidOperation } from "../../schemas/prices.ts";
import type { AccountCalls, UsageLine, UsageQuery } from "../accounts/calls.ts";
import { requireOperator } from "../middleware/access.ts";
import { readParameters } from "../request/read-fields.ts";
import { untilAborted } from "../resilience/until-aborted.ts";
import { type AccountDependencies, NO_STORE, type OpenAccount, openAccount } from "./account-request.ts";

/** `GET /operator/revenue`: what callers paid against what the models cost, by operation, over a page of accounts. */
export const revenueRoute = (dependencies: AccountDependencies) =>
  async function revenueRoute(context: Context): Promise<Response> {
    await requireOperator(context, dependencies);
    const { from, to, limit, cursor } = readParameters(context.req.url, RevenueParameters);
    const { accountFiles, timer, storeMs } = dependencies;
    const { accounts, next } = await untilAborted(accountFiles.list(cursor ?? null, limit), timer(storeMs));
    const days = { from: from ?? null, to: to ?? null };
    const lines = await Promise.all(accounts.map((account) => usageOf(openAccount(account, dependencies), days)));
    const answer: RevenueAnswer = { accounts, revenue: sumByOperation(lines.flat()), next_cursor: next };
    return context.json(answer, 200, NO_STORE);
  };

/** Every line of an account's usage. */
async function usageOf({ ask }: OpenAccount, days: Pick<UsageQuery, "from" | "to">): Promise<UsageLine[]> {
  const all: UsageLine[] = [];
  for (let cursor: string | null = null; ; ) {
    const query: UsageQuery = { ...days, keyId: null, operation: null, cursor, limit: LIMITS.usageRows };
    const page: UsagePage = await ask((calls) => calls.usage(query));
    all.push(...page.lines);
    if (page.cursor === null) return all;
    cursor = page.cursor;
  }
}

type UsagePage = Awaited<ReturnType<AccountCalls["usage"]>>;

/** The sums of each operation that has any. */
export function sumByOperation(lines: readonly UsageLine[]): RevenueRow[] {
  return PaidOperation.options.flatMap((operation) => {
    const own = lines.filter((line) => line.operation === operation);
    if (own.length === 0) return [];
    const sum = (of: (line: UsageLine) => number) => own.reduce((total, line) => total + of(line), 0);
    const units = Object.keys(NO_UNITS).map((unit) => [unit, sum((line) => line.units[unit as keyof typeof NO_UNITS])]);
    return {
      operation,
      requests: sum(({ requests }) => requests),
      units: Object.fromEntries(units) as typeof NO_UNITS,
      revenue_usd: toUsd(sum(({ amount }) => amount)),
      cost_usd: toUsd(sum(({ cost }) => cost)),
      requests_without_cost: sum(({ requestsWithoutCost }) => requestsWithoutCost),
    };
  });
}
