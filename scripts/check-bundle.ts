/** The Worker's size as it would be uploaded, against a budget. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

/**
 * Code alone: what an isolate parses when it starts. 100 KiB of it are the official client of Hugging Face, which runs
 * nothing until it is asked for. The wasm of the overlay and its font are loaded only when a picture is drawn.
 */
const CODE_GZIP_BYTES = 240 * 1024;
/**
 * Everything together; the platform takes 3 MB on its free plan (docs/reference/platform.md, "Limits of Cloudflare
 * Workers").
 */
const TOTAL_GZIP_BYTES = 2_500 * 1024;

const folder = mkdtempSync(join(tmpdir(), "namesight-bundle-"));
const built = spawnSync("node_modules/.bin/wrangler", ["deploy", "--dry-run", "--minify", "--outdir", folder], {
  encoding: "utf8",
});
if (built.status !== 0) {
  console.error(built.stdout + built.stderr);
  process.exit(1);
}
let code = 0;
let total = 0;
for (const file of readdirSync(folder)) {
  if (file.endsWith(".map") || file === "README.md") continue;
  const { length } = gzipSync(readFileSync(join(folder, file)));
  total += length;
  if (file.endsWith(".js")) code += length;
}
rmSync(folder, { recursive: true, force: true });
const kib = (bytes: number) => `${(bytes / 1024).toFixed(1)} KiB`;
console.log(`code ${kib(code)} of ${kib(CODE_GZIP_BYTES)}, total ${kib(total)} of ${kib(TOTAL_GZIP_BYTES)}, gzip`);
process.exit(code === 0 || code > CODE_GZIP_BYTES || total > TOTAL_GZIP_BYTES ? 1 : 0);
