import { env } from "cloudflare:workers";
import type { Scope } from "../../../schemas/accounts.ts";
import { type Accounts, accountsOf } from "../../../src/accounts/accounts.ts";
import type { AccountCalls, Transfer } from "../../../src/accounts/calls.ts";
import { Keys } from "../../../src/accounts/keys.ts";

let names = 0;

/** An account that no other test has, and a key of it. */
export async function newAccount(scopes: readonly Scope[] = ["admin"]) {
  const name = `payer${++names}`;
  const calls: AccountCalls = accountsOf(env.ACCOUNTS).at(name);
  await calls.create("standard");
  const { text, ...made } = await new Keys(env.KEY_CHECK_SECRET).make(name, "live", (length) => new Uint8Array(length));
  await calls.createKey({ ...made, name: "test", mode: "live", scopes, expiresAt: null });
  return { name, key: text, calls };
}

/** The deployment's accounts, whose transfers can be made to fail. */
export class FaultyAccounts {
  readonly #accounts: Accounts = accountsOf(env.ACCOUNTS);
  #failure: "before" | "after" | null = null;

  /** Makes the next transfer fail, before or after it is booked; null for none. */
  fail(moment: "before" | "after" | null): void {
    this.#failure = moment;
  }

  /** Takes the place of the binding ACCOUNTS. */
  getByName(name: string): Pick<AccountCalls, "exists" | "transfer"> {
    const account = this.#accounts.at(name);
    const transfer = async (call: Transfer) => {
      const moment = this.#failure;
      this.#failure = null;
      if (moment === "before") throw new Error("down");
      const booked = await account.transfer(call);
      if (moment === "after") throw new Error("down");
      return booked;
    };
    return { exists: () => account.exists(), transfer };
  }
}
