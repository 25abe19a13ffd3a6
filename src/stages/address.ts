import { isAllowedEndpoint, unfitAsBase } from "../net/provider-fetch.ts";
import type { ModelAddress } from "./model.ts";

interface Provider {
  readonly endpoint: string;
  /** The name of its token. */
  readonly token: string;
  /** Where calls are queued whose end is told by a callback. */
  readonly queue?: string;
}

/** A provider's address and the name of its token, for entries without an alias. */
export const PROVIDERS: Readonly<Record<string, Provider>> = {
  replicate: { endpoint: "https://api.replicate.com/v1", token: "REPLICATE_API_TOKEN" },
  huggingface: { endpoint: "https://router.huggingface.co", token: "HF_TOKEN" },
  openai: { endpoint: "https://api.openai.com/v1", token: "OPENAI_API_KEY" },
  fal: { endpoint: "https://fal.run", token: "FAL_KEY", queue: "https://queue.fal.run" },
  roboflow: { endpoint: "https://serverless.roboflow.com", token: "ROBOFLOW_API_KEY" },
  moondream: { endpoint: "https://api.moondream.ai/v1", token: "MOONDREAM_API_KEY" },
};

/** The value of a variable or a secret; empty where it is not set. */
export type Variable = (name: string) => string;

/**
 * An entry of a chain: `provider/model[@version]`, or `provider:alias/model[@version]` with `ENDPOINT_<ALIAS>` and
 * `ENDPOINT_<ALIAS>_TOKEN`. Throws an `Error` that says what is wrong with it.
 */
export function readAddress(entry: string, variable: Variable): ModelAddress {
  const match =
    /^(?<provider>[a-z][a-z-]*)(?::(?<alias>[a-z0-9][a-z0-9_-]*))?\/(?<model>@?[^\s@]+)(?:@(?<version>[^\s@]+))?$/i.exec(
      entry,
    );
  if (!match?.groups) throw new Error("is not provider/model[@version] or provider:alias/model[@version]");
  const { provider = "", alias, model = "", version = null } = match.groups;
  const preset = Object.hasOwn(PROVIDERS, provider) ? PROVIDERS[provider] : undefined;
  const aliased = alias !== undefined;
  if (!aliased && !preset) return { entry, provider, model, version, endpoint: null, aliased, token: null };
  const name = aliased ? `ENDPOINT_${alias.toUpperCase().replaceAll("-", "_")}` : "";
  const endpointText = aliased ? variable(name).trim() : (preset?.endpoint ?? "");
  if (endpointText === "") throw new Error(`${name} is not set`);
  const endpoint = URL.parse(endpointText);
  if (!endpoint) throw new Error(`${name} is not an address`);
  if (!isAllowedEndpoint(endpoint)) throw new Error(`${name} must be https, or http on this machine`);
  const unfit = unfitAsBase(endpoint);
  if (unfit) throw new Error(`${name} must ${unfit}`);
  const secret = aliased ? `${name}_TOKEN` : (preset?.token ?? "");
  const token = variable(secret).trim() || null;
  if (!aliased && !token) throw new Error(`the secret ${secret} is not set`);
  // The characters of RFC 9110, section 5.5, without spaces (RFC 6750, section 2.1): others break the header.
  if (token && !/^[\x21-\x7e]+$/.test(token)) throw new Error(`the secret ${secret} has characters that no token has`);
  const queue = !aliased && preset?.queue ? { queue: new URL(preset.queue) } : {};
  return { entry, provider, model, version, endpoint, aliased, token, ...queue };
}
