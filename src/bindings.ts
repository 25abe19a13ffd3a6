import { LIMITS } from "../schemas/limits.ts";
import { STAGE_NAMES, type StageName } from "../schemas/stages/index.ts";
import { createPictureFetch } from "./net/fetch-picture.ts";
import { createProviderFetch, isAllowedEndpoint, isLoopback, type ProviderFetch } from "./net/provider-fetch.ts";
import { consoleLog, type Log } from "./observe/log.ts";
import { Outcomes } from "./observe/outcomes.ts";
import { sleep } from "./resilience/sleep.ts";
import type { HealthServices } from "./routes/health.ts";
import type { MaskServices } from "./routes/masks.ts";
import type { PictureServices } from "./routes/pictures.ts";
import type { SessionServices } from "./routes/session.ts";
import { createModel } from "./stages/index.ts";
import type { Images, ModelTools } from "./stages/stage-adapter.ts";
import type { Chains, ModelAddress, StageModel } from "./stages/stage-model.ts";
import { ExpansionCache } from "./storage/expansion-cache.ts";
import { MaskStore } from "./storage/mask-store.ts";
import { PictureStore } from "./storage/picture-store.ts";
import { LinkSigner } from "./storage/signed-link.ts";

/** Everything that the app does not make itself. */
export interface Dependencies extends SessionServices, PictureServices, MaskServices, HealthServices {
  /** So many random bytes. */
  readonly random: (length: number) => Uint8Array;
}

/** What the world does to us; tests put something calmer here. */
export interface World {
  readonly fetch?: ProviderFetch;
  readonly clock?: () => number;
  readonly random?: (length: number) => Uint8Array;
  readonly sleep?: ModelTools["sleep"];
  readonly chance?: () => number;
  /** What the public internet answers. */
  readonly fetchPublic?: ProviderFetch;
  readonly log?: Log;
  readonly deadlineMs?: number;
}

/** The key in wrangler.toml. It is public, so links signed with it are worth nothing. */
const DEVELOPMENT_KEY = "development-only-not-a-secret";

/**
 * The only reader of the environment: bindings and variables as typed dependencies. A fault in it is a sentence and no exception, so that
 * `/health` can still answer.
 */
export function readBindings(env: Env, world: World = {}): Dependencies {
  const variables = env as unknown as Readonly<Record<string, unknown>>;
  const entries = Object.fromEntries(STAGE_NAMES.map((stage) => [stage, readEntries(variables, stage)])) as Record<StageName, string[]>;
  const publicUrl = env.PUBLIC_URL ? URL.parse(env.PUBLIC_URL) : null;
  const { chains, faults } = readChains(variables, entries, publicUrl, env.IMAGES ?? null, world);
  if (env.PUBLIC_URL && !publicUrl) faults.push("PUBLIC_URL is not an address");
  if (env.ENVIRONMENT === "production" && env.LINK_SIGNING_KEY === DEVELOPMENT_KEY) {
    faults.push("LINK_SIGNING_KEY is the development key: set a secret of your own");
  }
  if (!env.LINK_SIGNING_KEY) faults.push("LINK_SIGNING_KEY is not set");
  return {
    chains,
    models: entries,
    fault: faults.length > 0 ? `${faults.join("; ")}.` : null,
    outcomes: new Outcomes(),
    expansions: new ExpansionCache(env.EXPANSIONS),
    masks: new MaskStore(env.MASKS),
    pictures: new PictureStore(env.PICTURES),
    publicUrl,
    links: new LinkSigner(env.LINK_SIGNING_KEY),
    clock: world.clock ?? Date.now,
    sleep: world.sleep ?? sleep,
    chance: world.chance ?? Math.random,
    fetchPicture: createPictureFetch(new Set(), world.fetchPublic),
    random: world.random ?? ((length) => crypto.getRandomValues(new Uint8Array(length))),
    log: world.log ?? consoleLog,
    deadlineMs: world.deadlineMs ?? LIMITS.deadlineMs,
  };
}

/** A stage's chain is the variable of its name: entries with commas between them. */
function readEntries(variables: Readonly<Record<string, unknown>>, stage: StageName): string[] {
  const value = variables[stage.toUpperCase()];
  const entries = typeof value === "string" ? value.split(",") : [];
  return entries.map((entry) => entry.trim()).filter((entry) => entry !== "");
}

function readChains(
  variables: Readonly<Record<string, unknown>>,
  entries: Record<StageName, string[]>,
  publicUrl: URL | null,
  images: Images | null,
  world: World,
) {
  const faults: string[] = [];
  const origins = new Set<string>();
  const { clock = Date.now, sleep: wait = sleep, chance = Math.random } = world;
  const tools = { fetch: createProviderFetch(origins, world.fetch), clock, sleep: wait, random: chance, images };
  const models = <Name extends StageName>(stage: Name): StageModel<Name>[] =>
    entries[stage].flatMap((entry) => {
      try {
        const address = readAddress(variables, entry);
        if (address.endpoint) origins.add(address.endpoint.origin);
        const model = createModel(stage, address, tools);
        return reaches(address, publicUrl) ? model : { ...model, takesLinks: false };
      } catch (error) {
        faults.push(`${stage.toUpperCase()} "${entry}": ${error instanceof Error ? error.message : "unreadable"}`);
        return [];
      }
    });
  const chains = Object.fromEntries(STAGE_NAMES.map((stage) => [stage, models(stage)])) as unknown as Chains;
  return { chains, faults };
}

/** Whether who answers at an address can follow our links: anybody when we are on the Internet, this machine when we are on it. */
function reaches({ endpoint }: ModelAddress, publicUrl: URL | null): boolean {
  return publicUrl !== null && (!isLoopback(publicUrl) || (endpoint !== null && isLoopback(endpoint)));
}

/** `provider/model[@version]` or `provider:alias/model[@version]`. Throws an `Error` that says what is wrong with the entry. */
function readAddress(variables: Readonly<Record<string, unknown>>, entry: string): ModelAddress {
  const match = /^(?<provider>[a-z][a-z-]*)(?::(?<alias>[a-z0-9][a-z0-9_-]*))?\/(?<model>[^\s@]+)(?:@(?<version>[^\s@]+))?$/i.exec(entry);
  if (!match?.groups) throw new Error("is not provider/model[@version] or provider:alias/model[@version]");
  const { provider = "", alias, model = "", version = null } = match.groups;
  if (alias === undefined) return { entry, provider, model, version, endpoint: null, token: null };
  const name = `ENDPOINT_${alias.toUpperCase().replaceAll("-", "_")}`;
  const endpoint = URL.parse(String(variables[name] ?? ""));
  if (!endpoint) throw new Error(`${name} is not an address`);
  if (!isAllowedEndpoint(endpoint)) throw new Error(`${name} must be https, or http on this machine`);
  const token = variables[`${name}_TOKEN`];
  return { entry, provider, model, version, endpoint, token: typeof token === "string" && token !== "" ? token : null };
}
