import type { AccountCalls } from "./calls.ts";

/** Every account of the deployment. */
export interface Accounts {
  /** The account's Durable Object. Nothing is asked until one of its methods is called. */
  at(id: string): AccountCalls;
}

/** A binding of the class `Account`. */
export interface AccountNamespace {
  getByName(name: string): unknown;
}

/**
 * The accounts behind a binding. Each call has a stub of its own: after its Durable Object was moved or reset, a stub
 * fails for good, so that asking it again never helps.
 */
export function accountsOf(namespace: AccountNamespace): Accounts {
  // A stub has the methods of the class. Its own type has promises of the platform's RPC, which act as promises do.
  const call = (id: string, method: PropertyKey, values: readonly unknown[]) => {
    const stub = namespace.getByName(id) as object;
    return Reflect.apply(Reflect.get(stub, method), stub, values);
  };
  const get = (id: string) => (_: object, method: PropertyKey) => {
    // It is no promise, also where somebody awaits it.
    return method === "then" ? undefined : (...values: readonly unknown[]) => call(id, method, values);
  };
  return { at: (id) => new Proxy({}, { get: get(id) }) as AccountCalls };
}
