import { isLoopback } from "../../src/net/provider-fetch.ts";
import { readWranglerConfig } from "../configuration.ts";
import { ownVariables } from "../own-variables.ts";
import { NoService, type Service } from "./service.ts";

/** The deployment that a command's options and the configuration name. Throws a `NoService`. */
export function findService({
  env,
  url,
}: {
  readonly env?: string | undefined;
  readonly url?: string | undefined;
}): Service {
  const own = ownVariables(process.env, ".dev.vars");
  const { vars } = readWranglerConfig("wrangler.toml", env);
  const configured = env === undefined ? (own.PUBLIC_URL ?? localAddress(String(vars.PUBLIC_URL))) : vars.PUBLIC_URL;
  const address = URL.parse(url ?? String(configured ?? ""));
  if (!address) throw new NoService("PUBLIC_URL is not an address: set it in wrangler.toml, or name one by --url");
  if (address.hostname.endsWith(".example")) throw new NoService("PUBLIC_URL is the example's: set your own");
  if (address.protocol !== "https:" && !isLoopback(address)) {
    throw new NoService("the address must be https: the operator's token would be readable on the way");
  }
  const token = own.OPERATOR_TOKEN ?? (env === undefined ? String(vars.OPERATOR_TOKEN ?? "") : "");
  if (token === "") throw new NoService("OPERATOR_TOKEN is not set, in the environment or in .dev.vars");
  return { url: address, token, fetch: (request) => fetch(request) };
}

/** The local address with the port that `npm start` was given. */
function localAddress(address: string): string {
  const { PORT } = process.env;
  return PORT ? address.replace(/:\d+$/, `:${PORT}`) : address;
}
