import { expect, test } from "vitest";
import { UsageAnswer } from "../../../schemas/accounts.ts";
import { startWithKeys } from "../account-harness.ts";
import { picture, readProblem, TEXT } from "../harness.ts";

const app = startWithKeys();
const usage = async (key: string, query = "") =>
  UsageAnswer.parse(await (await app.send("GET", `/v1/usage${query}`, key)).json());

/** An account that had two operations answered. */
async function usedAccount() {
  const account = await app.createAccount();
  const image = await picture();
  await app.send("POST", "/v1/recognize", account.key, { text: TEXT, image });
  await app.send("POST", "/v1/mner", account.key, { text: TEXT });
  await app.send("POST", "/v1/mner", account.key, { text: TEXT });
  return account;
}

test("200 with a row for each day, key and operation, by filters and pages, also for the operator", async () => {
  const { name, key, keyId } = await usedAccount();
  const { usage: rows, next_cursor } = await usage(key);
  expect(next_cursor).toBeNull();
  expect(rows.map(({ operation, requests, key_id }) => [operation, requests, key_id])).toEqual([
    ["recognize", 1, keyId],
    ["mner", 2, keyId],
  ]);
  expect(rows[1]).toMatchObject({ units: { calls: 2, entities: 0, masks: 0 }, amount_usd: "0.001" });
  expect((await usage(key, "?operation=mner")).usage).toEqual(rows.slice(1));
  expect((await usage(key, `?key_id=key_${"0".repeat(24)}`)).usage).toEqual([]);
  expect((await usage(key, "?to=2026-01-01")).usage).toEqual([]);
  expect((await usage(key, `?from=${rows[0]?.day}&to=${rows[0]?.day}`)).usage).toEqual(rows);

  const first = await app.send("GET", "/v1/usage?limit=1", key);
  const page = UsageAnswer.parse(await first.json());
  expect(page.usage).toEqual(rows.slice(0, 1));
  const [, next = ""] = /^<(.*)>; rel="next"$/.exec(first.headers.get("link") ?? "") ?? [];
  expect(await (await app.send("GET", next, key)).json()).toEqual({ usage: rows.slice(1), next_cursor: null });

  const operator = await app.operate("GET", `/operator/accounts/${name}/usage`);
  expect(await operator.json()).toEqual({ usage: rows, next_cursor: null });
});

test("200 as CSV by Accept", async () => {
  const { key, keyId } = await usedAccount();
  const response = await app.send("GET", "/v1/usage?operation=mner", key, undefined, { accept: "text/csv" });
  expect([response.headers.get("content-type"), response.headers.get("vary")]).toEqual([
    "text/csv; charset=utf-8",
    expect.stringContaining("Accept"),
  ]);
  const [head, row, ...more] = (await response.text()).split("\r\n");
  expect(head).toBe("day,key_id,operation,requests,calls,entities,masks,amount_usd");
  expect(row).toMatch(new RegExp(`^\\d{4}-\\d\\d-\\d\\d,${keyId},mner,2,2,0,0,0.001$`));
  expect(more).toEqual([""]);
});

test.each([
  ["?limit=0", "/limit"],
  ["?limit=101", "/limit"],
  ["?limit=ten", "/limit"],
  ["?from=yesterday", "/from"],
  ["?to=2026-02-30", "/to"],
  ["?operation=all", "/operation"],
  ["?key_id=1", "/key_id"],
  ["?account=other", "/account"],
  ["?limit=1&limit=2", "/limit"],
  ["?from=2026-11-26&to=2026-11-25", "/to"],
  ["?cursor=zzz", "/cursor"],
])("422 for %s", async (query, pointer) => {
  const { key } = await app.createAccount();
  const problem = await readProblem(await app.send("GET", `/v1/usage${query}`, key));
  expect(problem).toMatchObject({ status: 422, code: "invalid_request", errors: [{ pointer }] });
});
