import { type ObjectNamespace, type Objects, objectsOf } from "../storage/durable-objects.ts";
import type { AccountCalls } from "./calls.ts";

/** Every account of the deployment. */
export type Accounts = Objects<AccountCalls>;

/** A binding of the class `Account`. */
export type AccountNamespace = ObjectNamespace;

/** The accounts behind a binding. */
export const accountsOf = (namespace: AccountNamespace): Accounts => objectsOf<AccountCalls>(namespace);
