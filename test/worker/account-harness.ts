import { env } from "cloudflare:workers";
import type { KeyMode, Scope } from "../../schemas/accounts.ts";
import { NewAccountAnswer } from "../../schemas/accounts.ts";
import { accountsOf } from "../../src/accounts/accounts.ts";
import type { AccountCalls } from "../../src/accounts/calls.ts";
import { Keys } from "../../src/accounts/keys.ts";
import type { World } from "../../src/bindings.ts";
import type { ScriptedCog } from "../support/scripted-cog.ts";
import { type Harness, startApp } from "./harness.ts";

/** Bytes that are different in each call, and the same in each run. */
export function countingBytes(): (length: number) => Uint8Array {
  let calls = 0;
  return (length) => {
    const bytes = new Uint8Array(length);
    new DataView(bytes.buffer).setUint32(0, ++calls);
    return bytes;
  };
}

const unlimited = { limit: async () => ({ success: true }) };
let names = 0;

/** The app with `ACCESS=keys` over real accounts, and what was asked of which account. */
export interface KeysHarness extends Harness {
  /** Names of the accounts whose Durable Object was got. */
  readonly asked: string[];
  /** A request with a key or a token; with a body it is JSON. */
  send(method: string, path: string, token: string | null, body?: unknown, headers?: object): Promise<Response>;
  /** A request of the operator. */
  operate(method: string, path: string, body?: unknown): Promise<Response>;
  /** A new account with money, made by the operator's route. */
  createAccount(): Promise<{ name: string; key: string; keyId: string; calls: AccountCalls }>;
}

export function startWithKeys(
  cog?: ScriptedCog,
  world: World = {},
  variables: Partial<Record<string, unknown>> = {},
): KeysHarness {
  const asked: string[] = [];
  const spied = {
    getByName(name: string) {
      asked.push(name);
      return env.ACCOUNTS.getByName(name);
    },
  };
  const limits = { KEY_RATE: unlimited, ADDRESS_RATE: unlimited };
  const settings = { ACCESS: "keys", ACCOUNTS: spied, ...limits, ...variables };
  const harness = startApp(cog, { randomBytes: countingBytes(), ...world }, settings);
  const send: KeysHarness["send"] = (method, path, token, body, headers = {}) =>
    harness.fetch(path, {
      method,
      headers: {
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const operate: KeysHarness["operate"] = (method, path, body) => send(method, path, env.OPERATOR_TOKEN, body);
  const createAccount = async () => {
    const account = `tenant${++names}`;
    const { first_key } = NewAccountAnswer.parse(
      await (await operate("POST", "/operator/accounts", { account })).json(),
    );
    const credit = { amount_usd: "10", reference: "start" };
    await operate("POST", `/operator/accounts/${account}/credit`, credit);
    return { name: account, key: first_key.key, keyId: first_key.id, calls: accountsOf(env.ACCOUNTS).at(account) };
  };
  return { ...harness, asked, send, operate, createAccount };
}

/** A key that its account knows, made without a route. */
export async function addKey(
  account: string,
  more: { mode?: KeyMode; scopes?: readonly Scope[]; expiresAt?: number | null } = {},
): Promise<{ key: string; keyId: string }> {
  const mode = more.mode ?? "live";
  const { text, ...made } = await new Keys(env.KEY_CHECK_SECRET).make(account, mode, uniqueBytes);
  const facts = { name: "added", mode, scopes: more.scopes ?? ["recognize"], expiresAt: more.expiresAt ?? null };
  await accountsOf(env.ACCOUNTS)
    .at(account)
    .createKey({ ...made, ...facts });
  return { key: text, keyId: made.id };
}

const counted = countingBytes();
/** Bytes that no app of this module makes. */
const uniqueBytes = (length: number) => counted(length).fill(0xff, 8);
