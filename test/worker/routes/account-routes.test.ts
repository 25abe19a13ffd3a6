import { describe, expect, test } from "vitest";
import { BalanceAnswer, KeyFacts, KeysAnswer, NewAccountAnswer, NewKeyAnswer } from "../../../schemas/accounts.ts";
import { PRICES, PricesAnswer } from "../../../schemas/prices.ts";
import { addKey, startWithKeys } from "../account-harness.ts";
import { readProblem, startApp } from "../harness.ts";

const app = startWithKeys();
const { send, operate, createAccount } = app;

describe("GET /v1/prices", () => {
  test("200 without a key, also where ACCESS is open", async () => {
    const { prices } = PricesAnswer.parse(await (await send("GET", "/v1/prices", null)).json());
    expect(prices.map(({ operation }) => operation)).toEqual(Object.keys(PRICES));
    expect((await startApp().fetch("/v1/prices")).status).toBe(200);
  });
});

describe("where ACCESS is open", () => {
  test.each([
    ["GET", "/v1/balance"],
    ["POST", "/v1/keys"],
    ["GET", "/operator/revenue"],
    ["DELETE", "/operator/accounts/newsroom"],
  ])("404 for %s %s, and says why", async (method, path) => {
    const problem = await readProblem(await startApp().fetch(path, { method }));
    expect(problem).toMatchObject({ code: "not_found", detail: expect.stringContaining("ACCESS=open") });
  });
});

describe("an account's operations answer the same to its key and to the operator", () => {
  test("200 for the balance, for any key", async () => {
    const { name, key } = await createAccount();
    const weak = await addKey(name, { scopes: ["recognize"] });
    const answers = [
      await send("GET", "/v1/balance", key),
      await send("GET", "/v1/balance", weak.key),
      await operate("GET", `/operator/accounts/${name}/balance`),
    ];
    for (const answer of answers) {
      expect(answer.headers.get("cache-control")).toBe("no-store");
      expect(BalanceAnswer.parse(await answer.json())).toEqual({
        account: name,
        plan: "standard",
        balance_usd: "10",
        reserved_usd: "0",
        owed_usd: "0",
      });
    }
  });

  test("201 for a new key, which works, is listed without its secret, and ends at once when it is revoked", async () => {
    const { name, key, keyId } = await createAccount();
    for (const [path, token] of [
      ["/v1/keys", key],
      [`/operator/accounts/${name}/keys`, null],
    ] as const) {
      const call = (method: string, more = "", body?: unknown) =>
        token === null ? operate(method, path + more, body) : send(method, path + more, token, body);
      const created = await call("POST", "", { name: "bot", scopes: ["admin", "admin"] });
      expect(created.status).toBe(201);
      const made = NewKeyAnswer.parse(await created.json());
      expect(made).toMatchObject({ name: "bot", scopes: ["admin"], last_four: made.key.slice(-4), expires_at: null });
      expect((await send("GET", "/v1/keys", made.key)).status).toBe(200);
      const listed = await (await call("GET")).text();
      expect(listed).not.toContain(made.key);
      expect(KeysAnswer.parse(JSON.parse(listed)).keys.map(({ id }) => id)).toEqual(
        expect.arrayContaining([made.id, keyId]),
      );
      for (const _ of ["once", "and again"]) {
        const revoked = KeyFacts.parse(await (await call("DELETE", `/${made.id}`)).json());
        expect(revoked.revoked_at).not.toBeNull();
      }
      expect(await readProblem(await send("GET", "/v1/keys", made.key))).toMatchObject({ code: "key_invalid" });
    }
  });

  test("201 for a rotated key: both work during the overlap, and the old one not after it", async () => {
    const { name, key, keyId } = await createAccount();
    const rotated = NewKeyAnswer.parse(await (await send("POST", `/v1/keys/${keyId}/rotate`, key)).json());
    expect(rotated).toMatchObject({ name: "first key", mode: "live", scopes: ["recognize", "stages", "admin"] });
    for (const one of [key, rotated.key]) expect((await send("GET", "/v1/balance", one)).status).toBe(200);
    const at = `/operator/accounts/${name}/keys/${rotated.id}/rotate`;
    const last = NewKeyAnswer.parse(await (await operate("POST", at, { overlap_seconds: 0 })).json());
    expect((await send("GET", "/v1/balance", rotated.key)).status).toBe(401);
    expect((await send("GET", "/v1/balance", last.key)).status).toBe(200);
  });

  test("404 for a key's id that is none of the account's", async () => {
    const [{ key }, other] = [await createAccount(), await createAccount()];
    for (const id of [other.keyId, `key_${"0".repeat(24)}`, "key_1", key]) {
      for (const [method, path] of [
        ["POST", `/v1/keys/${id}/rotate`],
        ["DELETE", `/v1/keys/${id}`],
      ] as const) {
        const problem = await readProblem(await send(method, path, key));
        expect(problem).toMatchObject({ code: "not_found" });
        expect(JSON.stringify(problem)).not.toContain(key);
      }
    }
    expect((await send("GET", "/v1/balance", other.key)).status).toBe(200);
  });
});

describe("the operator's operations", () => {
  test("201 for an account whose name nobody gave, and 409 for one that exists", async () => {
    const created = await operate("POST", "/operator/accounts");
    expect(created.status).toBe(201);
    const { account, plan, first_key } = NewAccountAnswer.parse(await created.json());
    expect(plan).toBe("standard");
    expect(first_key.key).toContain(`_${account}_`);
    const again = await readProblem(await operate("POST", "/operator/accounts", { account }));
    expect(again).toMatchObject({ status: 409, code: "account_exists" });
  });

  test("204 for the deletion of a payer without an account, and 404 for what is neither", async () => {
    const remove = (name: string) => operate("DELETE", `/operator/accounts/${name}`);
    expect((await remove(`x402-0x${"a".repeat(40)}`)).status).toBe(204);
    for (const name of ["x402-0xabc", "public"]) expect((await readProblem(await remove(name))).code).toBe("not_found");
  });

  test("200 for a credit, once a reference, and for another plan", async () => {
    const { name } = await createAccount();
    const path = `/operator/accounts/${name}`;
    const credit = { amount_usd: "2.5", reference: "invoice 1" };
    for (const _ of ["once", "and again"]) {
      const balance = BalanceAnswer.parse(await (await operate("POST", `${path}/credit`, credit)).json());
      expect(balance.balance_usd).toBe("12.5");
    }
    const other = await operate("POST", `${path}/credit`, { ...credit, amount_usd: "3" });
    expect(await readProblem(other)).toMatchObject({ status: 409, code: "reference_used" });
    const large = BalanceAnswer.parse(await (await operate("PUT", `${path}/plan`, { plan: "large" })).json());
    expect(large.plan).toBe("large");
  });

  test.each([
    ["nothing", "0"],
    ["more than one credit may be", "10000.01"],
  ])("422 for a credit of %s", async (_what, amount_usd) => {
    const { name } = await createAccount();
    const sent = operate("POST", `/operator/accounts/${name}/credit`, { amount_usd, reference: "x" });
    expect(await readProblem(await sent)).toMatchObject({
      code: "invalid_request",
      errors: [{ pointer: "/amount_usd" }],
    });
  });
});
