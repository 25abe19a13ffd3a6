import { LIMITS } from "../schemas/limits.ts";
import type { CallbackVendor } from "../schemas/providers.ts";
import { STAGE_NAMES, STAGES, type StageName } from "../schemas/stages/index.ts";
import { DEVELOPMENT_SECRET, readAccess } from "./accounts/access.ts";
import type { ChatCalls } from "./bots/chat-state.ts";
import type { ChatDeployment } from "./bots/deployment.ts";
import { type Bots, readBots } from "./bots/settings.ts";
import type { BatchCalls } from "./jobs/batches/calls.ts";
import type { JobCalls } from "./jobs/calls.ts";
import type { JobDeployment } from "./jobs/deployment.ts";
import { createDownload } from "./net/download.ts";
import { createEgressFetch } from "./net/egress-fetch.ts";
import { createPictureFetch } from "./net/fetch-picture.ts";
import { createProviderFetch, isLoopback, type ProviderFetch, unfitAsBase } from "./net/provider-fetch.ts";
import { createWebhookFetch } from "./net/webhook-fetch.ts";
import { consoleLog, describeError, type Log } from "./observe/log.ts";
import { createMetrics } from "./observe/metrics.ts";
import { Outcomes } from "./observe/outcomes.ts";
import { noTrace } from "./observe/tracing.ts";
import type { StripeSettings } from "./payments/stripe/client.ts";
import { readStripe } from "./payments/stripe/settings.ts";
import { createX402 } from "./payments/x402/x402.ts";
import type { WorkersAi } from "./providers/workers-ai.ts";
import { Breakers } from "./resilience/breakers.ts";
import { MemoryBudget } from "./resilience/memory-budget.ts";
import { sleep } from "./resilience/sleep.ts";
import type { PaidDeployment } from "./routes/paid-deployment.ts";
import type { Runtime } from "./runtime.ts";
import { readCalibrations } from "./stages/adapters/calibrate.ts";
import { readAddress, type Variable } from "./stages/address.ts";
import { createModel } from "./stages/index.ts";
import type { Chains, ModelRuntime, StageModel } from "./stages/model.ts";
import { readModelPrices } from "./stages/prices/model-prices.ts";
import type { ModelPrices } from "./stages/prices/price.ts";
import { AccountFiles } from "./storage/account-files.ts";
import { AnswerStore } from "./storage/answer-store.ts";
import { CaptionCache } from "./storage/caption-cache.ts";
import { type Objects, objectsOf } from "./storage/durable-objects.ts";
import { ExamplePool } from "./storage/example-pool.ts";
import { ExpansionCache } from "./storage/expansion-cache.ts";
import { JobPictures } from "./storage/job-pictures.ts";
import { KvEntries } from "./storage/kv-entries.ts";
import { Leftovers } from "./storage/leftovers.ts";
import { MaskStore } from "./storage/mask-store.ts";
import { OverlayStore } from "./storage/overlay-store.ts";
import { PictureStore } from "./storage/picture-store.ts";
import { LinkSigner } from "./storage/signed-link.ts";
import { SourceStore } from "./storage/source-store.ts";
import { sweep } from "./storage/sweep.ts";
import { Attempts, type VendorCallbacks } from "./webhooks/attempts.ts";
import { FAL_KEYS_URL, FalKeys } from "./webhooks/fal-keys.ts";
import { falWebhooks } from "./webhooks/fal-webhooks.ts";
import { isWebhookSecret, standardWebhooks } from "./webhooks/standard-webhooks.ts";

/** Everything that the app needs from its environment. */
export interface Dependencies extends PaidDeployment, JobDeployment, ChatDeployment, Bots {
  /** All that is said to a batch; a job knows it as a listener. */
  readonly batches: Objects<BatchCalls>;
  /** All that is said to a chat; a job knows it as a listener. */
  readonly chats: Objects<ChatCalls>;
  /** How accounts are topped up through Stripe; null where they are not. */
  readonly stripe: StripeSettings | null;
  /** How each vendor calls back; null for one that cannot reach this Worker, or whose callbacks cannot be verified. */
  readonly callbacks: VendorCallbacks;
  /** The operator's sources of incoming messages. */
  readonly sources: SourceStore;
  /** Deletes what a crash left in R2; null in production, where lifecycle rules do that. */
  readonly sweep: (() => Promise<void>) | null;
  /** Turns each request's line into figures; null where the Worker has no dataset for them. */
  readonly metrics: Log | null;
}

/** The outside world, which tests replace. */
export interface World extends Partial<Runtime> {
  /** Sends requests to the origins that the operator configured. */
  readonly fetch?: ProviderFetch;
  /** Sends requests to the public internet. */
  readonly fetchPublic?: ProviderFetch;
  readonly jobs?: Objects<JobCalls>;
  readonly deadlineMs?: number;
  readonly storeMs?: number;
  /** What the requests of the isolate may claim of its memory. */
  readonly memoryBytes?: number;
}

/** The only models that test keys reach. */
const TEST_MODELS = Object.fromEntries(
  STAGE_NAMES.map((stage) => [stage, STAGES[stage].embedded ? [`cog:local/${stage}`] : []]),
) as unknown as Record<StageName, readonly string[]>;

/**
 * Reads bindings and variables into typed dependencies. Nothing else reads the environment. A fault of the
 * configuration becomes a sentence in `faults` instead of an exception, so that `/health` can still answer.
 *
 * @param world replaces the runtime and the network in tests
 */
export function readBindings(env: Env, world: World = {}): Dependencies {
  const variables = env as unknown as Readonly<Record<string, unknown>>;
  const variable: Variable = (name) => (typeof variables[name] === "string" ? (variables[name] as string) : "");
  const runtime: Runtime = {
    clock: world.clock ?? Date.now,
    sleep: world.sleep ?? sleep,
    // Looked up at each call: a test may replace it.
    timer: world.timer ?? ((milliseconds) => AbortSignal.timeout(milliseconds)),
    chance: world.chance ?? Math.random,
    randomBytes: world.randomBytes ?? ((length) => crypto.getRandomValues(new Uint8Array(length))),
    log: world.log ?? consoleLog,
    trace: world.trace ?? noTrace,
  };
  const models = Object.fromEntries(STAGE_NAMES.map((stage) => [stage, readEntries(variable, stage)])) as Record<
    StageName,
    string[]
  >;
  const publicUrl = env.PUBLIC_URL ? URL.parse(env.PUBLIC_URL) : null;
  const egress = env.ENVIRONMENT === "production" ? null : URL.parse(variable("LOCAL_EGRESS"));
  const fetchPublic = world.fetchPublic ?? (egress ? createEgressFetch(egress) : undefined);
  const { telling, fault: tellingFault } = readTelling(env, variable, world.fetch, fetchPublic);
  const callbacks = readCallbacks(env, variable, publicUrl, { ...runtime, fetch: world.fetch });
  const openCallback = (vendor: CallbackVendor, name?: string) => {
    const { attempts } = callbacks[vendor] ?? {};
    if (!attempts || !publicUrl) return null;
    const all = new Attempts(attempts, publicUrl, runtime.randomBytes);
    return name === undefined ? all.open(vendor) : all.reopen(vendor, name);
  };
  const calibrations = readCalibrations(variable("CALIBRATION"));
  const { prices, fault: priceFault } = readPrices(variable("MODEL_PRICES"));
  const makeRuntime = (origins: ReadonlySet<string>): ModelRuntime => ({
    ...runtime,
    fetch: createProviderFetch(origins, world.fetch),
    publicUrl,
    download: createDownload(fetchPublic),
    openCallback,
    calibrations: calibrations ?? new Map(),
    prices,
    ai: (variables.AI as WorkersAi | undefined) ?? null,
    images: env.IMAGES ?? null,
  });
  const { chains, faults } = readChains(models, variable, makeRuntime);
  faults.push(...emptied(models, variable));
  const testChains = variable("ENDPOINT_LOCAL") ? readChains(TEST_MODELS, variable, makeRuntime).chains : null;
  if (!calibrations) {
    faults.push('CALIBRATION is not a JSON object of {"entry#prompt": {"slope": number, "intercept": number}}');
  }
  if (priceFault !== null) faults.push(priceFault);
  if (tellingFault !== null) faults.push(tellingFault);
  faults.push(...addressFaults(env, publicUrl), ...secretFaults(env, variable));
  const { access, faults: accessFaults } = readAccess(env);
  const { stripe, faults: stripeFaults } = readStripe(variable, world.fetch);
  const { x402, faults: x402Faults } = createX402(variable, access.mode === "keys", runtime, world.fetch);
  const { faults: botFaults, ...bots } = readBots(variable, access.mode === "keys", {
    ...runtime,
    ...{ fetch: world.fetch, fetchPublic },
  });
  faults.push(...botFaults, ...accessFaults, ...stripeFaults, ...x402Faults);
  const cascade = readCascade(variable("MNER_CASCADE"), models.mner);
  faults.push(...cascade.faults);
  const entries = new KvEntries(env.EXPANSIONS, runtime.clock);
  return {
    ...runtime,
    access,
    answers: new AnswerStore(env.MASKS),
    leftovers: new Leftovers(env.MASKS, env.EXPANSIONS),
    batches: objectsOf<BatchCalls>(env.BATCHES),
    chats: objectsOf<ChatCalls>(env.CHATS),
    ...bots,
    jobPictures: new JobPictures(env.MASKS),
    howToPay: stripe ? "POST /v1/topups returns a checkout page." : "Ask the operator for a credit.",
    accountFiles: new AccountFiles(env.MASKS),
    chains,
    testChains,
    models,
    faults,
    mnerCascade: cascade.threshold,
    outcomes: new Outcomes(),
    breakers: new Breakers(runtime.clock),
    expansions: new ExpansionCache(entries, runtime.clock),
    captions: new CaptionCache(entries, runtime.clock),
    examplePool: new ExamplePool(env.MASKS, runtime.clock),
    masks: new MaskStore(env.MASKS),
    overlays: new OverlayStore(env.MASKS),
    pictures: new PictureStore(env.PICTURES),
    publicUrl,
    links: new LinkSigner(env.LINK_SIGNING_KEY),
    fetchPicture: createPictureFetch(new Set(), fetchPublic),
    sources: new SourceStore(env.MASKS),
    ...telling,
    jobs: world.jobs ?? objectsOf<JobCalls>(env.JOBS),
    callbacks,
    stripe,
    x402,
    metrics: env.METRICS ? createMetrics(env.METRICS) : null,
    sweep: env.ENVIRONMENT === "production" ? null : () => sweepStores(env, runtime),
    deadlineMs: world.deadlineMs ?? LIMITS.deadlineMs,
    memory: new MemoryBudget(runtime.clock, world.memoryBytes),
    storeMs: world.storeMs ?? LIMITS.storeMs,
  };
}

/** Deletes pictures whose request has ended, and overlays whose link has expired. */
async function sweepStores({ PICTURES, MASKS }: Env, { clock, log }: Runtime): Promise<void> {
  try {
    const pictures = await sweep(PICTURES, "pictures/", clock() - LIMITS.deadlineMs - LIMITS.jobDeadlineMs);
    const overlays = await sweep(MASKS, "overlays/", clock() - LIMITS.maskLinkSeconds * 1000);
    if (pictures + overlays > 0) log({ event: "swept", pictures, overlays });
  } catch (error) {
    log({ event: "not_swept", ...describeError(error) });
  }
}

/** How webhooks go out: to the public internet, and to origins that the operator names for trials on one machine. */
function readTelling(
  { ENVIRONMENT }: Env,
  variable: Variable,
  fetchNamed: ProviderFetch | undefined,
  fetchPublic: ProviderFetch | undefined,
): { telling: Pick<JobDeployment, "fetchPublic" | "allowedOrigins">; fault: string | null } {
  const named = variable("WEBHOOK_ORIGINS")
    .split(",")
    .map((origin) => origin.trim());
  const origins = named.filter((origin) => origin !== "");
  const allowedOrigins = new Set(origins.flatMap((origin) => URL.parse(origin)?.origin ?? []));
  const telling = { fetchPublic: createWebhookFetch(allowedOrigins, fetchNamed, fetchPublic), allowedOrigins };
  if (allowedOrigins.size < origins.length) return { telling, fault: "WEBHOOK_ORIGINS is not a list of origins" };
  const isForbidden = ENVIRONMENT === "production" && origins.length > 0;
  return { telling, fault: isForbidden ? "WEBHOOK_ORIGINS is for local trials: it must be empty in production" : null };
}

function addressFaults({ PUBLIC_URL, ENVIRONMENT }: Env, publicUrl: URL | null): string[] {
  if (!PUBLIC_URL) return [];
  if (!publicUrl) return ["PUBLIC_URL is not an address"];
  const faults: string[] = [];
  if (!/^https?:$/.test(publicUrl.protocol)) faults.push("PUBLIC_URL must be http or https");
  const unfit = unfitAsBase(publicUrl);
  if (unfit) faults.push(`PUBLIC_URL must ${unfit}`);
  if (ENVIRONMENT === "production" && publicUrl.hostname.endsWith(".example")) {
    faults.push("PUBLIC_URL is the example's: set the address at which models reach this Worker, or leave it empty");
  }
  return faults;
}

function secretFaults({ LINK_SIGNING_KEY, ENVIRONMENT }: Env, variable: Variable): string[] {
  const faults: string[] = [];
  const webhookSecret = variable("REPLICATE_WEBHOOK_SECRET");
  if (webhookSecret && !isWebhookSecret(webhookSecret)) {
    faults.push("REPLICATE_WEBHOOK_SECRET is not whsec_ and base64");
  }
  if (ENVIRONMENT === "production" && LINK_SIGNING_KEY === DEVELOPMENT_SECRET) {
    faults.push("LINK_SIGNING_KEY is the development key: set a secret of your own");
  }
  if (!LINK_SIGNING_KEY) faults.push("LINK_SIGNING_KEY is not set");
  return faults;
}

function readPrices(text: string): { prices: ModelPrices; fault: string | null } {
  try {
    return { prices: readModelPrices(text), fault: null };
  } catch (error) {
    return { prices: new Map(), fault: `MODEL_PRICES ${error instanceof Error ? error.message : "cannot be read"}` };
  }
}

function readCallbacks(
  { ATTEMPTS: attempts }: Env,
  variable: Variable,
  publicUrl: URL | null,
  { clock, fetch }: Pick<Runtime, "clock"> & { readonly fetch: ProviderFetch | undefined },
): VendorCallbacks {
  if (!attempts || publicUrl?.protocol !== "https:" || isLoopback(publicUrl)) return { replicate: null, fal: null };
  const secret = variable("REPLICATE_WEBHOOK_SECRET");
  const keys = new FalKeys({ clock, fetch: createProviderFetch(new Set([FAL_KEYS_URL.origin]), fetch) });
  return {
    replicate: secret === "" ? null : { attempts, signedBy: standardWebhooks(secret) },
    fal: { attempts, signedBy: falWebhooks(keys) },
  };
}

/** The entries of a stage's chain, from the variable with the stage's name in capitals: entries separated by commas. */
function readEntries(variable: Variable, stage: StageName): string[] {
  const entries = variable(stage.toUpperCase()).split(",");
  return entries.map((entry) => entry.trim()).filter((entry) => entry !== "");
}

/** The score below which mner's first model is doubtful, of a chain with a model behind it; null when it is not set. */
function readCascade(value: string, chain: readonly string[]): { threshold: number | null; faults: string[] } {
  if (value.trim() === "") return { threshold: null, faults: [] };
  const threshold = Number(value);
  if (!(threshold > 0 && threshold <= 1)) {
    return { threshold: null, faults: ["MNER_CASCADE is not a number above 0 and up to 1"] };
  }
  const faults = chain.length < 2 ? ["MNER_CASCADE needs a second model in MNER, to ask when the first is unsure"] : [];
  return { threshold, faults };
}

/** The models of every chain, and a fault for each entry that names no usable model. */
function readChains(
  entries: Readonly<Record<StageName, readonly string[]>>,
  variable: Variable,
  makeRuntime: (origins: ReadonlySet<string>) => ModelRuntime,
): { chains: Chains; faults: string[] } {
  const faults: string[] = [];
  const origins = new Set<string>();
  const runtime = makeRuntime(origins);
  const models = <Name extends StageName>(stage: Name): StageModel<Name>[] =>
    entries[stage].flatMap((entry) => {
      try {
        const address = readAddress(entry, variable);
        for (const url of [address.endpoint, address.queue]) if (url) origins.add(url.origin);
        return createModel(stage, address, runtime);
      } catch (error) {
        faults.push(`${stage.toUpperCase()} "${entry}": ${error instanceof Error ? error.message : "unreadable"}`);
        return [];
      }
    });
  const chains = Object.fromEntries(STAGE_NAMES.map((stage) => [stage, models(stage)])) as unknown as Chains;
  return { chains, faults };
}

/**
 * Faults of chains without an entry. An empty variable leaves its stage out; one with only commas was meant to name
 * models.
 */
function emptied(entries: Record<StageName, readonly string[]>, variable: Variable): string[] {
  const stages = STAGE_NAMES.filter(
    (stage) => entries[stage].length === 0 && variable(stage.toUpperCase()).includes(","),
  );
  return stages.map((stage) => `${stage.toUpperCase()} has commas and no entry`);
}
