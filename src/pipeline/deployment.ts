import type { StageName } from "../../schemas/stages/index.ts";
import type { PictureFetch } from "../net/fetch-picture.ts";
import type { Outcomes } from "../observe/outcomes.ts";
import type { Runtime } from "../runtime.ts";
import type { Chains } from "../stages/model.ts";
import type { ExpansionCache } from "../storage/expansion-cache.ts";
import type { MaskStore } from "../storage/mask-store.ts";
import type { OverlayStore } from "../storage/overlay-store.ts";
import type { PictureStore } from "../storage/picture-store.ts";
import type { LinkSigner } from "../storage/signed-link.ts";

/**
 * What every run of a deployment shares: its models, its stores, and the world as it sees it. `src/bindings.ts` makes
 * it.
 */
export interface Deployment extends Runtime {
  readonly chains: Chains;
  /** Each stage's models as configured, also those that could not be made. */
  readonly models: Readonly<Record<StageName, readonly string[]>>;
  /**
   * What is wrong with the configuration, a sentence each without its full stop. While it is not empty, nothing but
   * `/health` answers.
   */
  readonly faults: readonly string[];
  readonly outcomes: Outcomes;
  readonly expansions: ExpansionCache;
  readonly masks: MaskStore;
  readonly overlays: OverlayStore;
  readonly pictures: PictureStore;
  readonly links: LinkSigner;
  /** Where models and vendors reach this Worker; null when they cannot. */
  readonly publicUrl: URL | null;
  readonly fetchPicture: PictureFetch;
  /** Most milliseconds that a request may take. */
  readonly deadlineMs: number;
}
