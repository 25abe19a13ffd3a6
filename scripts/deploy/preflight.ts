import { isLoopback } from "../../src/net/provider-fetch.ts";
import { PROVIDERS } from "../../src/stages/address.ts";
import { bindingFaults, type WranglerConfig } from "../configuration.ts";
import type { Secrets } from "./secrets.ts";

/** What stands between a configuration and its deployment. */
export interface Preflight {
  /** One sentence each, without its full stop. */
  readonly faults: readonly string[];
  /** What could not be checked, and how it can be. */
  readonly unchecked: readonly string[];
}

/** The form of an id that `wrangler kv namespace create` prints. */
const NAMESPACE_ID = /^[0-9a-f]{32}$/;
/** Words in capitals and names that docs/deploy.md and wrangler.toml use for what is yours. */
const PLACEHOLDER =
  /SUBDOMAIN|ACCOUNT|GATEWAY|REGION|your-domain|the-id-of-your|\bYOU\/NAME|@VERSION|\bown\/(?:chat\/)?MODEL/;
/** The bindings that a deployment has, by the table of wrangler.toml. An environment inherits none. */
const BINDINGS = {
  kv_namespaces: ["EXPANSIONS"],
  r2_buckets: ["MASKS", "PICTURES"],
  durable_objects: ["ATTEMPTS", "ACCOUNTS"],
  ratelimits: ["KEY_RATE", "ADDRESS_RATE"],
};

/**
 * Checks a deployment's configuration before it is deployed: placeholders that were never replaced, secrets that are
 * missing, and every fault that the Worker itself would find.
 *
 * @param secrets of the deployment; null when they are not known
 */
export async function preflight(config: WranglerConfig, secrets: Secrets | null): Promise<Preflight> {
  const required = config.secrets?.required ?? [];
  const known = new Map<string, string | null>(secrets ?? required.map((name) => [name, null]));
  const missing = required.filter((name) => !known.has(name));
  // A secret whose value is not known, or that is reported as missing, gets a value that nothing objects to.
  const values = [...known, ...missing.map((name) => [name, null] as const)].map(
    ([name, value]) => [name, value ?? fittingValue(name)] as const,
  );
  const exposed = Object.keys(config.vars).filter((name) => isSecretName(name, required));
  return {
    faults: [
      ...environmentFaults(config),
      ...placeholders(config),
      ...exposed.map((name) => `${name} is a secret and stands in [vars]: remove it there, and run ${putting(name)}`),
      ...missing.map((name) => `the secret ${name} is missing: run ${putting(name)}`),
      ...(await bindingFaults({ ...config.vars, ...Object.fromEntries(values) }, config)),
    ],
    unchecked: secrets
      ? []
      : [
          `whether the secrets ${required.join(", ")} are set: log in (npx wrangler login), or name a file of them by --secrets FILE`,
        ],
  };
}

const putting = (name: string) => `npx wrangler secret put ${name} --env production`;

function isSecretName(name: string, required: readonly string[]): boolean {
  const tokens = Object.values(PROVIDERS).map(({ token }) => token);
  return required.includes(name) || tokens.includes(name) || /^ENDPOINT_\w+_TOKEN$/.test(name);
}

/** What makes a deployment one of production, and reachable for hosted models. */
function environmentFaults({ vars, kv_namespaces, r2_buckets, durable_objects, ratelimits }: WranglerConfig): string[] {
  const faults: string[] = [];
  if (vars.ENVIRONMENT !== "production") {
    faults.push('ENVIRONMENT must be "production": with another value the Worker takes its development key');
  }
  const address = URL.parse(String(vars.PUBLIC_URL ?? ""));
  if (address && (address.protocol !== "https:" || isLoopback(address))) {
    faults.push("PUBLIC_URL must be https and not on this machine: hosted models fetch pictures from it");
  }
  const bound = new Set([
    ...[...kv_namespaces, ...r2_buckets].map(({ binding }) => binding),
    ...[...durable_objects.bindings, ...ratelimits].map(({ name }) => name),
  ]);
  for (const [table, names] of Object.entries(BINDINGS)) {
    const missing = names.filter((name) => !bound.has(name));
    faults.push(...missing.map((name) => `the binding ${name} is missing: add it under [env.production] as ${table}`));
  }
  return faults;
}

function placeholders({ kv_namespaces, vars, routes }: WranglerConfig): string[] {
  const ids = kv_namespaces
    .filter(({ id = "" }) => !NAMESPACE_ID.test(id))
    .map(
      ({ binding, id = "" }) =>
        `the KV namespace ${binding} has the id "${id}", which is none: run npx wrangler kv namespace create, and put in the id that it prints`,
    );
  const addresses = [routes ?? []].flat().map((route) => ["routes", JSON.stringify(route)] as const);
  const variables = [...Object.entries(vars), ...addresses]
    .filter(([, value]) => PLACEHOLDER.test(String(value)))
    .map(([name, value]) => `${name} contains the placeholder ${PLACEHOLDER.exec(String(value))?.[0]}`);
  return [...ids, ...variables];
}

/** A value in the form that a secret of this name has. */
function fittingValue(name: string): string {
  return name === "REPLICATE_WEBHOOK_SECRET"
    ? `whsec_${btoa("a secret that is not known")}`
    : "a-secret-that-is-not-known-and-long-enough";
}
