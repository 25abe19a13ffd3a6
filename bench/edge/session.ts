import { type ModelServer, startModels } from "./models.ts";
import { type Profile, type Setup, settingsOf } from "./setups.ts";
import { type Bundles, buildBundles, type Edge, startEdge } from "./start.ts";

/** What the benchmarks of the Worker share: the bundles and the models. */
export class Session {
  readonly bundles: Bundles;
  readonly models: ModelServer;

  private constructor(bundles: Bundles, models: ModelServer) {
    this.bundles = bundles;
    this.models = models;
  }

  /**
   * Builds the bundles, starts the models, and ends both when the work is done.
   *
   * @param minify whether the bundles are as they are deployed; else functions keep their names
   */
  static async with<T>(work: (session: Session) => Promise<T>, minify = true): Promise<T> {
    const bundles = buildBundles(minify);
    try {
      const models = await startModels();
      return await work(new Session(bundles, models)).finally(() => models.stop());
    } finally {
      bundles.remove();
    }
  }

  /** Does work at a workerd whose chains are those of a setup. */
  async at<T>(chains: Readonly<Record<string, string>>, work: (edge: Edge) => Promise<T>): Promise<T> {
    const edge = await startEdge(this.bundles, this.models.url, chains);
    return work(edge).finally(() => edge.stop());
  }

  /** Sets how long the models take from now on. */
  configure(setup: Setup, profile: Profile): Promise<void> {
    return this.models.configure(settingsOf(setup, profile));
  }
}
