/** A binding of a class of Durable Objects. */
export interface ObjectNamespace {
  getByName(name: string): unknown;
}

/** Every Durable Object of a class, by its name. */
export interface Objects<Calls> {
  /** Nothing is asked until one of its methods is called. */
  at(name: string): Calls;
}

/**
 * The Durable Objects behind a binding. Each call has a stub of its own: after its Durable Object was moved or reset, a
 * stub fails for good, so that asking it again never helps.
 *
 * @example const { plan } = await objectsOf<AccountCalls>(env.ACCOUNTS).at("newsroom").balance();
 */
export function objectsOf<Calls extends object>(namespace: ObjectNamespace): Objects<Calls> {
  // A stub has the methods of the class. Its own type has promises of the platform's RPC, which act as promises do.
  const call = (name: string, method: PropertyKey, values: readonly unknown[]) => {
    const stub = namespace.getByName(name) as object;
    return Reflect.apply(Reflect.get(stub, method), stub, values);
  };
  const get = (name: string) => (_: object, method: PropertyKey) => {
    // It is no promise, also where somebody awaits it.
    return method === "then" ? undefined : (...values: readonly unknown[]) => call(name, method, values);
  };
  return { at: (name) => new Proxy({}, { get: get(name) }) as Calls };
}
