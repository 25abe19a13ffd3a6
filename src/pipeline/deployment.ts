import type { KeyMode } from "../../schemas/accounts.ts";
import type { StageName } from "../../schemas/stages/index.ts";
import type { PictureFetch } from "../net/fetch-picture.ts";
import type { Outcomes } from "../observe/outcomes.ts";
import type { Breakers } from "../resilience/breakers.ts";
import type { MemoryBudget } from "../resilience/memory-budget.ts";
import type { Runtime } from "../runtime.ts";
import type { Chains } from "../stages/model.ts";
import type { CaptionCache } from "../storage/caption-cache.ts";
import type { ExamplePool } from "../storage/example-pool.ts";
import type { ExpansionCache } from "../storage/expansion-cache.ts";
import type { MaskStore } from "../storage/mask-store.ts";
import type { OverlayStore } from "../storage/overlay-store.ts";
import type { PictureStore } from "../storage/picture-store.ts";
import type { LinkSigner } from "../storage/signed-link.ts";

/** What all runs of a deployment share: models, stores, limits and runtime. Created by `readBindings`. */
export interface Deployment extends Runtime {
  readonly chains: Chains;
  /** The chains of test keys: the embedded models alone. Null where no host of them is configured. */
  readonly testChains: Chains | null;
  /** Each stage's models as configured, also those that could not be made. */
  readonly models: Readonly<Record<StageName, readonly string[]>>;
  /** Faults of the configuration, each a sentence without its full stop. When there are any, only `/health` answers. */
  readonly faults: readonly string[];
  /**
   * The score below which an answer of mner's first model is doubtful, and the models behind it are asked; null to ask
   * them only when it fails.
   */
  readonly mnerCascade: number | null;
  readonly outcomes: Outcomes;
  readonly breakers: Breakers;
  readonly expansions: ExpansionCache;
  readonly captions: CaptionCache;
  readonly examplePool: ExamplePool;
  readonly masks: MaskStore;
  readonly overlays: OverlayStore;
  readonly pictures: PictureStore;
  readonly links: LinkSigner;
  /** Where models and vendors reach this Worker; null when they cannot. */
  readonly publicUrl: URL | null;
  readonly fetchPicture: PictureFetch;
  /** The memory of the isolate, shared by its requests. */
  readonly memory: MemoryBudget;
  /** Maximum duration of a request, in milliseconds. */
  readonly deadlineMs: number;
  /** Maximum duration of one call to KV or R2, in milliseconds. */
  readonly storeMs: number;
}

/** The deployment as a key may use it: a test key gets the embedded models alone. */
export function deploymentFor<Whole extends Deployment>(mode: KeyMode, deployment: Whole): Whole {
  if (mode !== "test" || !deployment.testChains) return deployment;
  return { ...deployment, chains: deployment.testChains, mnerCascade: null };
}
