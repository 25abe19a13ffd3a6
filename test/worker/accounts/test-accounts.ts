import type { AccountCalls, Transfer } from "../../../src/accounts/calls.ts";

type Calls = Pick<AccountCalls, "create" | "exists" | "authenticate" | "balance" | "transfer">;

/** Accounts of a test, whose transfers can be made to fail. Stands in for the Durable Objects. */
export class TestAccounts {
  readonly #accounts = new Map<string, Calls>();
  #failure: "before" | "after" | null = null;

  /** Makes the next transfer fail, before or after it is booked; null for none. */
  fail(moment: "before" | "after" | null): void {
    this.#failure = moment;
  }

  readonly namespace = { getByName: (name: string) => this.#faulty(this.at(name)) };

  at(name: string): Calls {
    const known = this.#accounts.get(name) ?? memoryAccount();
    this.#accounts.set(name, known);
    return known;
  }

  #faulty(account: Calls): Calls {
    const transfer = async (call: Transfer) => {
      const moment = this.#failure;
      this.#failure = null;
      if (moment === "before") throw new Error("down");
      const booked = await account.transfer(call);
      if (moment === "after") throw new Error("down");
      return booked;
    };
    return { ...account, transfer };
  }
}

function memoryAccount(): Calls {
  let [exists, money] = [false, 0];
  const booked = new Set<string>();
  const state = () => ({ available: Math.max(0, money), owed: Math.max(0, -money) });
  return {
    async create() {
      const isNew = !exists;
      exists = true;
      return isNew;
    },
    exists: async () => exists,
    authenticate: async () => ({ outcome: "valid", keyId: "key_1", mode: "live" }),
    balance: async () => ({ plan: "standard", reserved: 0, ...state() }),
    transfer: async ({ kind, reference, amount }) => {
      const isNew = !booked.has(`${kind} ${reference}`);
      booked.add(`${kind} ${reference}`);
      if (isNew) money += kind === "refund" || kind === "dispute" ? -amount : amount;
      return { booked: isNew, ...state() };
    },
  };
}
