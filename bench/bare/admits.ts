/** Requests that one account is asked to admit. */
export interface Admits {
  readonly account: string;
  /** SHA-256 of a key of the account, in hexadecimal. */
  readonly key: string;
  /** Number of the first request; each has the next. */
  readonly first: number;
  readonly count: number;
  /** How many are asked at the same time. */
  readonly together: number;
}

/** The part of an account's methods (src/accounts/calls.ts) that is measured. */
interface AccountStub {
  admit(call: object): Promise<{ outcome: string }>;
  release(requestId: string): Promise<void>;
}

/** The accounts of the product, by their names. */
export interface AccountNamespace {
  getByName(name: string): AccountStub;
}

/** Has requests admitted and released. Resolves with how often each outcome came. */
export async function admitMany(
  accounts: AccountNamespace,
  { account: name, key, first, count, together }: Admits,
): Promise<Record<string, number>> {
  const account = accounts.getByName(name);
  const outcomes: Record<string, number> = {};
  let next = first;
  const ask = async () => {
    while (next < first + count) {
      const requestId = `req_${next++}`;
      const { outcome } = await account.admit({
        credential: { key, scope: "recognize" },
        requestId,
        operation: "recognize",
        most: 10_000_000,
        deadline: Date.now() + 30_000,
        bodyBytes: 50_000,
        entities: 25,
        repeatable: null,
      });
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
      await account.release(requestId);
    }
  };
  await Promise.all(Array.from({ length: together }, ask));
  return outcomes;
}
