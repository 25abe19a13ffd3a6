import { Hono } from "hono";
import { describe, expect, test } from "vitest";
import { ProblemError } from "../../../schemas/problem.ts";
import type { KeyAccess, RateCounter } from "../../../src/accounts/access.ts";
import { Keys } from "../../../src/accounts/keys.ts";
import { readKey, requireKey, requireOperator } from "../../../src/middleware/access.ts";

const keys = new Keys("the secret of this test");
const { text: KEY, hash: HASH } = await keys.make("newsroom", "live", (length) => new Uint8Array(length));

/** Access whose rate limits let the first `allowed` requests of each name pass, and what was asked of whom. */
function start(allowed = Number.POSITIVE_INFINITY, authenticate: () => Promise<object> = valid) {
  const asked: string[] = [];
  const counted: string[] = [];
  const limit = (name: string): RateCounter => ({
    limit: async ({ key }) => {
      counted.push(`${name} ${key}`);
      return { success: counted.filter((other) => other === `${name} ${key}`).length <= allowed };
    },
  });
  const access: KeyAccess = {
    mode: "keys",
    keys,
    accounts: {
      at: (id) => {
        asked.push(id);
        return { authenticate } as never;
      },
    },
    keyRate: limit("key"),
    addressRate: limit("address"),
    operatorToken: "the-token",
  };
  const dependencies = {
    access,
    timer: (milliseconds: number) => AbortSignal.timeout(milliseconds),
    log: () => undefined,
  };
  const app = new Hono();
  app.get("/paid", async (context) => context.json(await readKey(context, access, () => undefined)));
  app.get("/free", async (context) => context.json(await requireKey(context, dependencies, "admin")));
  app.get("/operator", async (context) => context.json((await requireOperator(context, dependencies)).mode));
  app.onError((error, context) => {
    if (!(error instanceof ProblemError)) throw error;
    return context.json({ code: error.code, detail: error.message, headers: error.headers });
  });
  const get = async (path: string, authorization?: string, address = "203.0.113.7"): Promise<unknown> => {
    const headers = { "cf-connecting-ip": address, ...(authorization && { authorization }) };
    return (await app.request(path, { headers })).json();
  };
  return { get, asked, counted };
}

const valid = async () => ({ outcome: "valid", keyId: "key_1", mode: "live" });

describe("readKey", () => {
  test("gives the key, which is counted by itself, and asks no account", async () => {
    const { get, asked, counted } = start();
    expect(await get("/paid", `Bearer ${KEY}`)).toEqual({ account: "newsroom", mode: "live", hash: HASH });
    expect(await get("/paid", `bearer  ${KEY} `)).toMatchObject({ hash: HASH });
    expect(asked).toEqual([]);
    expect(new Set(counted)).toEqual(new Set([`key newsroom/${HASH}`]));
  });

  test("counts a request without a valid key by its address, and one line's IPv6 addresses as one", async () => {
    const { get, asked, counted } = start();
    expect(await get("/paid")).toBeNull();
    expect(await get("/paid", "Basic bms6")).toBeNull();
    expect(await get("/paid", `Bearer ${KEY}0`)).toMatchObject({ code: "key_invalid" });
    expect(await get("/paid", undefined, "2001:db8::1")).toBeNull();
    expect(await get("/paid", undefined, "2001:db8:0:0:ffff::2")).toBeNull();
    expect(counted).toEqual([
      ...Array.from({ length: 3 }, () => "address 203.0.113.7"),
      ...Array.from({ length: 2 }, () => "address 20010db800000000::/64"),
    ]);
    expect(asked).toEqual([]);
  });

  test("refuses what is too much before any account is asked", async () => {
    const { get, asked } = start(0);
    const refused = { code: "rate_limited", headers: { "Retry-After": "60" } };
    expect(await get("/paid", `Bearer ${KEY}`)).toMatchObject(refused);
    expect(await get("/free", `Bearer ${KEY}`)).toMatchObject(refused);
    expect(await get("/operator", "Bearer the-token")).toMatchObject(refused);
    expect(asked).toEqual([]);
  });
});

describe("requireKey", () => {
  test("gives the key once its account knows it", async () => {
    expect(await start().get("/free", `Bearer ${KEY}`)).toMatchObject({ account: "newsroom", keyId: "key_1" });
  });

  test.each([
    ["no key", undefined, valid, { code: "key_missing", headers: { "WWW-Authenticate": 'Bearer realm="Namesight"' } }],
    ["an unknown key", KEY, async () => ({ outcome: "unknown_key" }), { code: "key_invalid" }],
    [
      "a revoked key",
      KEY,
      async () => ({ outcome: "revoked_key", at: 0 }),
      { detail: expect.stringContaining("1970") },
    ],
    [
      "another scope",
      KEY,
      async () => ({ outcome: "wrong_scope", needed: "admin", has: [] }),
      { code: "scope_missing" },
    ],
    ["an account that is away", KEY, async () => Promise.reject(new Error("x")), { code: "account_unavailable" }],
  ])("refuses %s", async (_what, key, authenticate, problem) => {
    expect(await start(1, authenticate).get("/free", key && `Bearer ${key}`)).toMatchObject(problem);
  });
});

describe("requireOperator", () => {
  test.each([
    ["the token", "Bearer the-token", "keys"],
    ["none", undefined, { code: "key_missing" }],
    ["a shorter one", "Bearer the-toke", { code: "key_invalid" }],
    ["a longer one", "Bearer the-token1", { code: "key_invalid" }],
    ["a key", `Bearer ${KEY}`, { code: "key_invalid" }],
  ])("with %s", async (_what, authorization, answer) => {
    const { get, asked } = start();
    const got = await get("/operator", authorization);
    if (typeof answer === "string") expect(got).toBe(answer);
    else expect(got).toMatchObject(answer);
    expect(asked).toEqual([]);
  });
});
