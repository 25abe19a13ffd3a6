import type { parseArgs } from "node:util";
import * as z from "zod/mini";
import {
  BalanceAnswer,
  KeyFacts,
  KeysAnswer,
  NewAccountAnswer,
  NewKeyAnswer,
  UsageAnswer,
} from "../../schemas/accounts.ts";
import { type Command, type Outcome, WrongUse, wholeNumber } from "./run-command.ts";
import { operate, Refused, type Service } from "./service.ts";

/** The options of every command. */
export const OPTIONS = {
  name: { type: "string" },
  mode: { type: "string" },
  scopes: { type: "string" },
  expires: { type: "string" },
  plan: { type: "string" },
  overlap: { type: "string" },
  reference: { type: "string" },
  from: { type: "string" },
  to: { type: "string" },
  yes: { type: "boolean", default: false },
  env: { type: "string" },
  url: { type: "string" },
  json: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
} as const;

export type Options = ReturnType<typeof parseArgs<{ options: typeof OPTIONS; allowPositionals: true }>>["values"];

type Run = Command<[service: Service, words: readonly string[], options: Options]>;

/** The commands, by their names, each with the arguments that it needs. */
export const COMMANDS: Readonly<Record<string, Run>> = {
  create: { needs: ["ACCOUNT"], run: create },
  list: {
    needs: ["ACCOUNT"],
    run: async (service, [account = ""]) => {
      const { keys } = await operate(service, "GET", `${at(account)}/keys`, KeysAnswer);
      return { json: { keys }, text: keys.map(keyLine).join("\n") || "The account has no keys." };
    },
  },
  rotate: {
    needs: ["ACCOUNT", "KEY_ID"],
    run: async (service, [account = "", id = ""], { overlap }) => {
      const body = overlap === undefined ? {} : { overlap_seconds: wholeNumber("--overlap", overlap) };
      const path = `${at(account)}/keys/${encodeURIComponent(id)}/rotate`;
      return keyOutcome(await operate(service, "POST", path, NewKeyAnswer, body));
    },
  },
  revoke: {
    needs: ["ACCOUNT", "KEY_ID"],
    run: async (service, [account = "", id = ""]) => {
      const facts = await operate(service, "DELETE", `${at(account)}/keys/${encodeURIComponent(id)}`, KeyFacts);
      return { json: facts, text: `${facts.id} was revoked at ${facts.revoked_at}.` };
    },
  },
  credit: {
    needs: ["ACCOUNT", "AMOUNT"],
    run: async (service, [account = "", amount_usd = ""], { reference = `npm run keys ${crypto.randomUUID()}` }) =>
      balanceOutcome(await operate(service, "POST", `${at(account)}/credit`, BalanceAnswer, { amount_usd, reference })),
  },
  balance: {
    needs: ["ACCOUNT"],
    run: async (service, [account = ""]) =>
      balanceOutcome(await operate(service, "GET", `${at(account)}/balance`, BalanceAnswer)),
  },
  usage: { needs: ["ACCOUNT"], run: usage },
  plan: {
    needs: ["ACCOUNT", "PLAN"],
    run: async (service, [account = "", plan = ""]) =>
      balanceOutcome(await operate(service, "PUT", `${at(account)}/plan`, BalanceAnswer, { plan })),
  },
  delete: {
    needs: ["ACCOUNT"],
    run: async (service, [account = ""], { yes }) => {
      if (!yes) throw new WrongUse("delete removes everything of the account: say --yes to do it");
      // A deletion that failed half-way is repeated, and its account is then not found any more.
      const unknown = await operate(service, "GET", `${at(account)}/balance`, BalanceAnswer).then(
        () => null,
        (error) => {
          if (error instanceof Refused && error.code === "not_found") return error;
          throw error;
        },
      );
      await operate(service, "DELETE", at(account), z.undefined());
      if (unknown) return { json: { deleted: null }, text: unknown.message, failed: true };
      return { json: { deleted: account }, text: `Nothing of the account ${account} is left.` };
    },
  },
};

/** The path of an account. */
function at(account: string): string {
  return `accounts/${encodeURIComponent(account)}`;
}

/**
 * Creates a key, and its account when that is new. A new account has a first key that may do everything: that is the
 * one, unless the command asks for another.
 */
async function create(service: Service, [account = ""]: readonly string[], options: Options): Promise<Outcome> {
  const { name = "npm run keys", mode, scopes, expires, plan } = options;
  const isPlain = [options.name, mode, scopes, expires].every((value) => value === undefined);
  const first = await operate(service, "POST", "accounts", NewAccountAnswer, { account, plan }).catch((error) => {
    if (error instanceof Refused && error.code === "account_exists") return null;
    throw error;
  });
  if (first && isPlain) return keyOutcome(first.first_key);
  if (!first && plan !== undefined) await operate(service, "PUT", `${at(account)}/plan`, BalanceAnswer, { plan });
  const key = await operate(service, "POST", `${at(account)}/keys`, NewKeyAnswer, {
    name,
    mode,
    scopes: scopes?.split(",").map((scope) => scope.trim()),
    expires_at: expires === undefined ? undefined : timeOf(expires),
  });
  // Nobody has seen it.
  if (first) await operate(service, "DELETE", `${at(account)}/keys/${first.first_key.id}`, KeyFacts);
  return keyOutcome(key);
}

async function usage(service: Service, [account = ""]: readonly string[], { from, to }: Options): Promise<Outcome> {
  const rows: UsageAnswer["usage"] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const given = Object.entries({ from, to, cursor }).filter(([, value]) => value !== undefined && value !== "");
    const query = new URLSearchParams(given as [string, string][]);
    const page: UsageAnswer = await operate(service, "GET", `${at(account)}/usage?${query}`, UsageAnswer);
    rows.push(...page.usage);
    cursor = page.next_cursor;
  }
  const lines = rows.map(({ day, key_id, operation, requests, amount_usd }) => {
    return `${day}  ${key_id}  ${operation.padEnd(9)}  ${String(requests).padStart(7)}  USD ${amount_usd}`;
  });
  return { json: { usage: rows }, text: lines.join("\n") || "The account was not used." };
}

function keyOutcome(key: NewKeyAnswer): Outcome {
  return { json: key, text: `${key.key}\n\nKeep it: it is shown this once.\n${keyLine(key)}` };
}

function keyLine({ id, name, mode, scopes, last_four, expires_at, revoked_at, replaced_by }: KeyFacts): string {
  const state = revoked_at ? `revoked ${revoked_at}` : expires_at ? `until ${expires_at}` : "no end";
  const replaced = replaced_by ? `  replaced by ${replaced_by}` : "";
  return `${id}  ${mode}  …${last_four}  ${scopes.join(",")}  ${state}${replaced}  ${name}`;
}

function balanceOutcome(balance: BalanceAnswer): Outcome {
  const { account, plan, balance_usd, reserved_usd, owed_usd } = balance;
  const owed = owed_usd === "0" ? "" : `, owed USD ${owed_usd}`;
  return { json: balance, text: `${account}: USD ${balance_usd} (reserved USD ${reserved_usd}${owed}), plan ${plan}` };
}

/** A day or a time as ISO 8601 in UTC. */
function timeOf(text: string): string {
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw new WrongUse("--expires must be a day or a time, such as 2027-01-01");
  return new Date(time).toISOString();
}
