import type { Context } from "hono";
import { type UsageAnswer, UsageParameters, type UsageRow } from "../../schemas/accounts.ts";
import { toUsd } from "../../schemas/money.ts";
import type { FieldError } from "../../schemas/problem.ts";
import type { UsageLine, UsageQuery } from "../accounts/calls.ts";
import { readCursor } from "../accounts/usage-cursor.ts";
import { negotiate } from "../middleware/accept.ts";
import { refuse } from "../request/field-problem.ts";
import { readParameters } from "../request/read-fields.ts";
import { NO_STORE, type OpenRequestedAccount } from "./account-request.ts";
import { toCsv } from "./csv.ts";

const CSV_COLUMNS = ["day", "key_id", "operation", "requests", "calls", "entities", "masks", "amount_usd"];

/** `GET /v1/usage`, and the operator's: usage by day, key and operation, as JSON or CSV. */
export const usageRoute = (open: OpenRequestedAccount) =>
  async function usageRoute(context: Context): Promise<Response> {
    const { ask } = await open(context);
    const type = negotiate(context.req.header("accept"), ["application/json", "text/csv"]);
    const fields = readParameters(context.req.url, UsageParameters);
    refuse(errorsOf(fields));
    const { lines, cursor } = await ask((calls) => calls.usage(queryOf(fields)));
    const rows = lines.map(rowOf);
    const next = cursor === null ? {} : { Link: `<${nextPage(context.req.url, cursor)}>; rel="next"` };
    const headers = { ...NO_STORE, ...next, Vary: "Accept" };
    if (type === "application/json") {
      const answer: UsageAnswer = { usage: rows, next_cursor: cursor };
      return context.json(answer, 200, headers);
    }
    const cells = rows.map(({ day, key_id, operation, requests, units: { calls, entities, masks }, amount_usd }) => {
      return [day, key_id, operation, requests, calls, entities, masks, amount_usd];
    });
    return context.body(toCsv([CSV_COLUMNS, ...cells]), 200, { ...headers, "Content-Type": "text/csv; charset=utf-8" });
  };

/** What no single rule of the schema can say. */
function errorsOf({ from, to, cursor }: UsageParameters): FieldError[] {
  const errors: FieldError[] = [];
  // Days are compared as text: YYYY-MM-DD.
  if (from !== undefined && to !== undefined && from > to) errors.push({ pointer: "/to", detail: "is before from" });
  if (cursor !== undefined && !readCursor(cursor)) {
    errors.push({ pointer: "/cursor", detail: "is not the next_cursor of a page" });
  }
  return errors;
}

function queryOf({ from, to, key_id, operation, limit, cursor }: UsageParameters): UsageQuery {
  return {
    from: from ?? null,
    to: to ?? null,
    keyId: key_id ?? null,
    operation: operation ?? null,
    cursor: cursor ?? null,
    limit,
  };
}

function rowOf({ day, keyId, operation, requests, units, amount }: UsageLine): UsageRow {
  return { day, key_id: keyId, operation, requests, units, amount_usd: toUsd(amount) };
}

/** The path and query of the next page. */
function nextPage(address: string, cursor: string): string {
  const url = new URL(address);
  url.searchParams.set("cursor", cursor);
  return url.pathname + url.search;
}
