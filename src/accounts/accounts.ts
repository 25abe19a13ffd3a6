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

/** The accounts behind a binding. */
export function accountsOf(namespace: AccountNamespace): Accounts {
  // A stub has the methods of the class. Its own type has promises of the platform's RPC, which act as promises do.
  return { at: (id) => namespace.getByName(id) as AccountCalls };
}
