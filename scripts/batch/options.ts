import { UsdAmount } from "../../schemas/money.ts";
import { isLoopback } from "../../src/net/provider-fetch.ts";

/** The options of a command that asks a deployment, as they were given. */
export interface BatchOptions {
  readonly endpoint?: string | undefined;
  readonly "max-concurrent"?: string | undefined;
  readonly "max-cost"?: string | undefined;
  readonly key?: string | undefined;
}

/** What is wrong with the options, in words; null when nothing is. */
export function faultOfOptions(options: BatchOptions, environment = process.env): string | null {
  const { endpoint, "max-concurrent": concurrent, "max-cost": most } = options;
  if (most !== undefined && !UsdAmount.safeParse(most).success)
    return `--max-cost is an amount such as 2.5, not ${most}`;
  if (concurrent !== undefined && !/^([1-9]|[1-4]\d|50)$/.test(concurrent))
    return `--max-concurrent is a number from 1 to 50, not ${concurrent}`;
  // A stack on this machine asks for no key.
  const fault = faultOfKey(options.key ?? (endpoint === undefined ? "" : environment.NAMESIGHT_KEY));
  if (fault !== null) return fault;
  if (endpoint === undefined) return null;
  const url = URL.parse(endpoint);
  if (!url || !/^https?:$/.test(url.protocol)) return `--endpoint is an address, not ${endpoint}`;
  if (url.protocol === "https:" || isLoopback(url)) return null;
  return "--endpoint must be https: a key would be readable on the way";
}

/** What is wrong with a key that no header can have; null when nothing is. An error of `fetch` would repeat the key. */
function faultOfKey(key = ""): string | null {
  if (/^[\x21-\x7e]*$/.test(key)) return null;
  const name = "the key (--key, or NAMESIGHT_KEY of the environment)";
  return `${name} has a space, a line break or a letter that no key has`;
}
