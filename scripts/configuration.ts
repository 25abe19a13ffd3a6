import { createRequire } from "node:module";
import { nearestName } from "../schemas/nearest.ts";
import { STAGE_NAMES } from "../schemas/stages/index.ts";
import { PROVIDERS } from "../src/stages/address.ts";
import { USAGE_ERROR } from "./arguments.ts";
import { formatVariables, isOwnName, ownVariables, readVariables } from "./own-variables.ts";
import { portFault } from "./stack/ports.ts";

/** Loads wrangler when it is first needed: that takes most of a second, and usage errors do not need it. */
const require = createRequire(import.meta.url);

/** What was configured, and from where. */
export interface Configuration {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** A file in the form of `.dev.vars`; it may be missing. */
  readonly file: string;
  /** Ports that must be free, by the variable that names them. */
  readonly ports?: Readonly<Record<string, string>>;
}

/**
 * Edits between a variable and the known one that it is taken for. Every name in `.dev.vars` is meant for Namesight; in
 * the environment most are other programs'.
 */
const MAXIMUM_EDITS = { environment: 1, file: 2 };
/** Length of names that are too short to be taken for one in the environment with an edit: MNER. */
const SHORT_NAME = 4;
/** Variables that choose the ports of `npm start`. */
const ENVIRONMENT_ONLY = ["FUNCTIONS_PORT", "PORT"];

/**
 * The person's own variables, once the configuration is without a fault. Else prints every fault, one a line, and ends
 * this process with exit status 2.
 */
export async function checkConfiguration(
  ports: Readonly<Record<string, string>> = {},
): Promise<Record<string, string>> {
  const configuration: Configuration = { environment: process.env, file: ".dev.vars", ports };
  const faults = await findFaults(configuration).catch((error: Error) => [error.message]);
  if (faults.length === 0) return ownVariables(configuration.environment, configuration.file);
  console.error(`Namesight did not start: the configuration has ${count(faults.length, "fault")}.`);
  for (const fault of faults) console.error(`- ${fault}`);
  process.exit(USAGE_ERROR);
}

/** "1 fault", "2 faults". */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

/** Every fault of the local configuration, one sentence each without its full stop. */
export async function findFaults({ environment, file, ports = {} }: Configuration): Promise<string[]> {
  const { vars, ...bindings } = readWranglerConfig("wrangler.toml");
  const own = ownVariables(environment, file);
  const variables = { ...vars, ...own };
  return [
    ...misspelt(variables, Object.keys(vars), environment, file),
    ...(await bindingFaults(variables, bindings)),
    ...Object.entries(own).flatMap(([name, value]) => quotingFault(name, value)),
    ...(await portFaults(ports)),
  ];
}

/** What is used of a wrangler.toml, for one of its environments. */
export interface WranglerConfig {
  readonly name?: string | undefined;
  readonly vars: Readonly<Record<string, unknown>>;
  readonly secrets?: { readonly required?: readonly string[] | undefined } | undefined;
  readonly kv_namespaces: ReadonlyArray<{ readonly binding: string; readonly id?: string | undefined }>;
  readonly r2_buckets: ReadonlyArray<{ readonly binding: string; readonly bucket_name?: string | undefined }>;
  readonly durable_objects: {
    readonly bindings: ReadonlyArray<{ readonly name: string; readonly class_name?: string | undefined }>;
  };
  readonly ratelimits: ReadonlyArray<{ readonly name: string }>;
  readonly routes?: readonly unknown[] | undefined;
  readonly ai?: { readonly binding?: string | undefined } | undefined;
  readonly images?: { readonly binding?: string | undefined } | undefined;
}

/** What wrangler reads from a file, for one environment of it or for the local default. */
export function readWranglerConfig(file: string, environment?: string): WranglerConfig {
  const { unstable_readConfig } = require("wrangler") as typeof import("wrangler");
  return unstable_readConfig({ config: file, ...(environment && { env: environment }) }, { hideWarnings: true });
}

/** The Durable Objects of a configuration, as Miniflare takes them. */
export function durableObjectsOf({ durable_objects }: WranglerConfig) {
  return Object.fromEntries(
    durable_objects.bindings.map(({ name, class_name }) => [name, { className: class_name ?? name, useSQLite: true }]),
  );
}

/** The faults that the Worker itself would answer `/health` with, under these variables and bindings. */
export async function bindingFaults(
  variables: Readonly<Record<string, unknown>>,
  config: Omit<WranglerConfig, "vars">,
): Promise<string[]> {
  const bound = [
    ...config.kv_namespaces.map(({ binding }) => binding),
    ...config.r2_buckets.map(({ binding }) => binding),
    ...[...config.durable_objects.bindings, ...config.ratelimits].map(({ name }) => name),
    ...[config.ai, config.images].flatMap((binding) => (binding?.binding ? [binding.binding] : [])),
  ];
  // Checking calls no binding, so empty objects stand in for them. The module is named at run time because it is
  // written against the types of workerd, which this program is not compiled with.
  const module = new URL("../src/bindings.ts", import.meta.url).href;
  const { readBindings } = (await import(module)) as { readBindings(env: object): { faults: readonly string[] } };
  return [...readBindings({ ...Object.fromEntries(bound.map((name) => [name, {}])), ...variables }).faults];
}

/** Variables that nothing reads and whose names are near one that something would read, were it set. */
function misspelt(
  variables: Readonly<Record<string, unknown>>,
  declared: readonly string[],
  environment: Configuration["environment"],
  file: string,
): string[] {
  const tokens = Object.values(PROVIDERS).map(({ token }) => token);
  const addresses = endpointNames(variables).flatMap((name) => [name, `${name}_TOKEN`]);
  const known = new Set([...declared, ...tokens, ...addresses]);
  const bots = ["TELEGRAM_TOKEN", "DISCORD_TOKEN", "SLACK_TOKEN", "SLACK_SIGNING_SECRET"];
  const others = ["REPLICATE_WEBHOOK_SECRET", "CALIBRATION", "MODEL_PRICES", ...ENVIRONMENT_ONLY];
  for (const name of [...bots, ...others]) known.add(name);
  const inFile = readVariables(file);
  // The stack sets the address of its own functions itself. A name that is set where the misspelt one is was not meant.
  const candidatesIn = (source: Readonly<Record<string, unknown>>) =>
    [...known].filter((name) => !(name in source) && name !== "ENDPOINT_LOCAL");
  const inEnvironment = Object.keys(environment).filter((name) => !(name in inFile));
  const describe = (names: readonly string[], source: string, candidates: readonly string[], maximumEdits: number) =>
    names
      .filter((name) => !known.has(name))
      .flatMap((name) => {
        const meant = nearestName(name, candidates, maximumEdits);
        return meant ? [`${name} (${source}) is read by nothing; did you mean ${meant}?`] : [];
      });
  const readFromEnvironment = candidatesIn(environment).filter((name) => isOwnName(name) || name === "FUNCTIONS_PORT");
  const upperCase = inEnvironment.filter((name) => name === name.toUpperCase());
  // All in lower case is another program's: `picture`.
  const otherCase = inEnvironment.filter((name) => name !== name.toUpperCase() && name !== name.toLowerCase());
  return [
    // Names of other programs are within one edit of a short one.
    ...describe(
      upperCase,
      "environment",
      readFromEnvironment.filter(({ length }) => length > SHORT_NAME),
      MAXIMUM_EDITS.environment,
    ),
    ...describe(otherCase, "environment", readFromEnvironment, 0),
    ...describe(Object.keys(inFile), file, candidatesIn(inFile), MAXIMUM_EDITS.file),
    ...ENVIRONMENT_ONLY.filter((name) => name in inFile).map(
      (name) => `${name} (${file}) is read from the environment only: set it there`,
    ),
  ];
}

/** `ENDPOINT_<ALIAS>` for each `provider:alias/model` of the chains. */
function endpointNames(variables: Readonly<Record<string, unknown>>): string[] {
  const chains = STAGE_NAMES.map((stage) => String(variables[stage.toUpperCase()] ?? "")).join(",");
  const aliases = [...chains.matchAll(/(?:^|,)\s*[a-z-]+:([a-z0-9_-]+)\//gi)].map(([, alias = ""]) => alias);
  return [...new Set(aliases)].map((alias) => `ENDPOINT_${alias.toUpperCase().replaceAll("-", "_")}`);
}

async function portFaults(ports: Readonly<Record<string, string>>): Promise<string[]> {
  const names = Object.keys(ports);
  const [port] = Object.values(ports);
  if (names.length > 1 && new Set(Object.values(ports)).size === 1) return [`${names.join(" and ")} are both ${port}`];
  const faults = await Promise.all(Object.entries(ports).map(([name, value]) => portFault(name, value)));
  return faults.filter((fault) => fault !== null);
}

function quotingFault(name: string, value: string): string[] {
  try {
    formatVariables({ [name]: value });
    return [];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}
