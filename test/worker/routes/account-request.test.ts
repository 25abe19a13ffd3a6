import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { startWithKeys } from "../account-harness.ts";
import { readProblem } from "../harness.ts";

const app = startWithKeys();
const { operate } = app;

test.each([
  ["nobody1", "There is no account nobody1."],
  ["No-Name", "There is no such account."],
  ["x402-0xabc", "There is no such account."],
])("404 for the account %s, which nobody created, and nothing of it is stored", async (name, detail) => {
  for (const [method, path, body] of [
    ["GET", "balance", undefined],
    ["GET", "keys", undefined],
    ["POST", "credit", { amount_usd: "1", reference: "x" }],
  ] as const) {
    const problem = await readProblem(await operate(method, `/operator/accounts/${name}/${path}`, body));
    expect(problem).toMatchObject({ code: "not_found", detail });
  }
});

test("503 when the account does not answer, with Retry-After", async () => {
  const { key, name } = await app.createAccount();
  const silent = {
    authenticate: () => Promise.reject(new Error("away")),
    exists: () => Promise.reject(new Error("away")),
  };
  const away = startWithKeys(undefined, {}, { ACCOUNTS: { getByName: () => silent } });
  for (const response of [
    await away.send("GET", "/v1/balance", key),
    await away.operate("GET", `/operator/accounts/${name}/balance`),
  ]) {
    expect(response.headers.get("retry-after")).toBe("1");
    expect(await readProblem(response)).toMatchObject({ status: 503, code: "account_unavailable" });
  }
});

test("401 for the operator with a token that is longer or shorter", async () => {
  for (const token of [`${env.OPERATOR_TOKEN}1`, env.OPERATOR_TOKEN.slice(1)]) {
    expect((await app.send("GET", "/operator/revenue", token)).status).toBe(401);
  }
});
