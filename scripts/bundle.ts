import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
/** How workerd reads the bundle's files, by extension: wrangler's default rules and those of wrangler.toml. */
const MODULE_TYPES: Readonly<Record<string, "ESModule" | "CompiledWasm" | "Data" | "Text">> = {
  ".js": "ESModule",
  ".wasm": "CompiledWasm",
  ".ttf": "Data",
  ".gz": "Data",
  ".html": "Text",
  ".txt": "Text",
};

/** Bundles a Worker into a folder as it would be uploaded. Throws, with what wrangler printed, when that fails. */
export function buildBundle(out: string, options: readonly string[] = []): void {
  execFileSync(
    process.execPath,
    ["node_modules/wrangler/bin/wrangler.js", "deploy", "--dry-run", ...options, "--outdir", out],
    {
      cwd: ROOT,
      env: { ...process.env, WRANGLER_SEND_METRICS: "false", WRANGLER_LOG_PATH: `${ROOT}.wrangler/logs` },
      stdio: "pipe",
    },
  );
}

/** The modules of a bundle, its main one first, as Miniflare takes them. */
export function bundleModules(out: string, main = "index.js") {
  return readdirSync(out)
    .filter((file) => extname(file) in MODULE_TYPES)
    .sort((a, b) => Number(b === main) - Number(a === main))
    .map((file) => ({ type: MODULE_TYPES[extname(file)] ?? ("Data" as const), path: join(out, file) }));
}
