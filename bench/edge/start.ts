import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildBundle, bundleModules } from "../../scripts/bundle.ts";
import { durableObjectsOf, readWranglerConfig } from "../../scripts/configuration.ts";
import { freePort } from "../../scripts/stack/ports.ts";

/** The Workers in one workerd, each behind a socket of its own. */
export interface Edge {
  /** The product, as everybody may use it. */
  readonly product: string;
  /** The product with `ACCESS=keys`. */
  readonly keyed: string;
  /** The bare Hono Worker, which is compared with it. */
  readonly bare: string;
  /** Of V8's inspector. */
  readonly inspectorPort: number;
  stop(): Promise<void>;
}

/** The two bundles, built once for many starts. */
export interface Bundles {
  readonly product: string;
  readonly bare: string;
  remove(): void;
}

const many = (namespace_id: string) => ({ namespace_id, simple: { limit: 1_000_000, period: 60 as const } });

/** @param minify as it is deployed; without it, functions keep their names in a profile */
export function buildBundles(minify: boolean): Bundles {
  const folder = mkdtempSync(join(tmpdir(), "namesight-bench-"));
  const [product, bare] = [join(folder, "product"), join(folder, "bare")];
  const options = minify ? ["--minify"] : [];
  buildBundle(product, options);
  buildBundle(bare, [...options, "--config", "bench/bare/wrangler.toml"]);
  return { product, bare, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/**
 * Starts the Workers, with no proxy before them: requests go straight to workerd. KV, R2 and the Durable Objects are
 * Miniflare's simulators, in the same workerd.
 *
 * @param models where the chains' models are
 * @param chains by stage in capitals, where they differ from the local default
 */
export async function startEdge(
  bundles: Bundles,
  models: string,
  chains: Readonly<Record<string, string>>,
): Promise<Edge> {
  const [product, keyed, bare] = [await freePort(), await freePort(), await freePort()];
  const inspectorPort = await freePort();
  const configuration = readWranglerConfig("wrangler.toml");
  const options = (port: number) => ({
    compatibilityDate: "2026-10-01",
    unsafeDirectSockets: [{ host: "127.0.0.1", port }],
  });
  const worker = (name: string, port: number, variables: Readonly<Record<string, string>> = {}) => ({
    name,
    ...options(port),
    modules: bundleModules(bundles.product),
    modulesRoot: bundles.product,
    compatibilityFlags: ["enable_request_signal", "global_fetch_strictly_public"],
    kvNamespaces: ["EXPANSIONS"],
    r2Buckets: ["MASKS", "PICTURES"],
    images: { binding: "IMAGES" },
    durableObjects: durableObjectsOf(configuration),
    // More than a benchmark sends: the limits against abuse are not what is measured.
    ratelimits: { KEY_RATE: many("1"), ADDRESS_RATE: many("2") },
    bindings: {
      ...configuration.vars,
      PUBLIC_URL: `http://127.0.0.1:${port}`,
      ENDPOINT_LOCAL: models,
      ENDPOINT_BENCH: models,
      ENDPOINT_BENCH_TOKEN: "bench",
      ...chains,
      ...variables,
    } as never,
  });
  const { convertV4MiniflareOptions, Miniflare } = await import("miniflare");
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      cf: false,
      inspectorPort,
      // The Worker's log costs what it costs; nobody reads it here.
      handleStructuredLogs: () => undefined,
      workers: [
        worker("product", product),
        worker("keyed", keyed, { ACCESS: "keys" }),
        {
          name: "bare",
          ...options(bare),
          modules: bundleModules(bundles.bare, "worker.js"),
          modulesRoot: bundles.bare,
          bindings: { MODELS: models },
          durableObjects: { ACCOUNTS: { className: "Account", scriptName: "keyed", useSQLite: true } },
        },
      ],
    }),
  );
  await miniflare.ready;
  return {
    product: `http://127.0.0.1:${product}`,
    keyed: `http://127.0.0.1:${keyed}`,
    bare: `http://127.0.0.1:${bare}`,
    inspectorPort,
    stop: () => miniflare.dispose(),
  };
}
