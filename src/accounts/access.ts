import { type AccountNamespace, type Accounts, accountsOf } from "./accounts.ts";
import { Keys } from "./keys.ts";

/** Who may use the operations that cost something, and the operations on accounts. */
export type Access = OpenAccess | KeyAccess;

/** Everybody may use the operations that cost something. There are no accounts. */
export interface OpenAccess {
  readonly mode: "open";
  /** Opens the operator's routes that need no accounts. Without it they are closed. */
  readonly operatorToken?: string;
  /** As that of `KeyAccess`; absent where the binding is. */
  readonly addressRate?: RateCounter;
  readonly keyRate?: RateCounter;
}

/** Holders of a key may. */
export interface KeyAccess {
  readonly mode: "keys";
  readonly keys: Keys;
  readonly accounts: Accounts;
  /** Counts the requests of one key. */
  readonly keyRate: RateCounter;
  /** Counts the requests of one address without a key. */
  readonly addressRate: RateCounter;
  /** Opens the operator's routes. */
  readonly operatorToken: string;
}

/** A binding that counts requests. */
export interface RateCounter {
  limit(request: { readonly key: string }): Promise<{ readonly success: boolean }>;
}

/** What access is configured with. */
export interface AccessBindings {
  readonly ENVIRONMENT?: string;
  readonly ACCESS?: string;
  readonly ACCESS_OPEN_ON_PURPOSE?: string;
  readonly KEY_CHECK_SECRET?: string;
  readonly OPERATOR_TOKEN?: string;
  readonly ACCOUNTS?: AccountNamespace;
  readonly KEY_RATE?: RateCounter;
  readonly ADDRESS_RATE?: RateCounter;
}

/** The value of every secret in wrangler.toml. It is public. */
export const DEVELOPMENT_SECRET = "development-only-not-a-secret";
/** Shortest secret of a deployment with keys, in characters. Set by hand: 16 random bytes in hexadecimal. */
const SECRET_LENGTH = 32;

/** The access that a deployment is configured with, and the faults of that configuration, each a sentence. */
export function readAccess(env: AccessBindings): { readonly access: Access; readonly faults: string[] } {
  const isProduction = env.ENVIRONMENT === "production";
  const named = env.ACCESS || (isProduction ? "keys" : "open");
  const faults: string[] = [];
  if (named !== "open" && named !== "keys") faults.push("ACCESS must be open or keys");
  const isForgotten = isProduction && named === "open" && env.ACCESS_OPEN_ON_PURPOSE !== "yes";
  if (isForgotten) {
    faults.push(
      "ACCESS is open in production, where models cost money: set it to keys, or ACCESS_OPEN_ON_PURPOSE to yes",
    );
  }
  for (const name of ["KEY_CHECK_SECRET", "OPERATOR_TOKEN"] as const) {
    const isNeeded = named !== "open" || (name === "OPERATOR_TOKEN" && Boolean(env.OPERATOR_TOKEN));
    const fault = secretFault(env[name] ?? "", isProduction, isNeeded);
    if (fault !== null) faults.push(`${name} ${fault}`);
  }
  const { ACCOUNTS, KEY_RATE, ADDRESS_RATE } = env;
  if (named === "open") return { access: openAccess(env), faults };
  if (!ACCOUNTS || !KEY_RATE || !ADDRESS_RATE) {
    faults.push("ACCESS is keys, which needs the bindings ACCOUNTS, KEY_RATE and ADDRESS_RATE");
    return { access: { mode: "open" }, faults };
  }
  const access: KeyAccess = {
    mode: "keys",
    keys: new Keys(env.KEY_CHECK_SECRET ?? ""),
    accounts: accountsOf(ACCOUNTS),
    keyRate: KEY_RATE,
    addressRate: ADDRESS_RATE,
    operatorToken: env.OPERATOR_TOKEN ?? "",
  };
  return { access, faults };
}

function openAccess({ OPERATOR_TOKEN, KEY_RATE, ADDRESS_RATE }: AccessBindings): OpenAccess {
  return {
    mode: "open",
    ...(OPERATOR_TOKEN && { operatorToken: OPERATOR_TOKEN }),
    ...(KEY_RATE && { keyRate: KEY_RATE }),
    ...(ADDRESS_RATE && { addressRate: ADDRESS_RATE }),
  };
}

function secretFault(secret: string, isProduction: boolean, isNeeded: boolean): string | null {
  if (isProduction && secret === DEVELOPMENT_SECRET) return "is the development value: set a secret of your own";
  if (isNeeded && secret === "") return "is not set";
  const isShort = isProduction && isNeeded && secret.length < SECRET_LENGTH;
  return isShort ? `has fewer than ${SECRET_LENGTH} characters` : null;
}
