/** Gate: the Worker's bundle, as it would be uploaded, stays within its budget. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildBundle } from "./bundle.ts";
import { bundleSize } from "./bundle-size.ts";

/**
 * Maximum size of the code, which an isolate parses when it starts. 100 KiB of it are Hugging Face's official client,
 * which runs nothing until it is called; 8 KiB bound what callers and models send, and admit posts. 5 KiB tell the
 * entities of an overlay apart and draw names in more scripts. 7 KiB speak to fal, Roboflow and Moondream, verify fal's
 * callbacks, and fill SVG paths. 37 KiB are Stripe's official client, which runs nothing until it is called; 13 KiB are
 * accounts: keys, ledger and their operations. 20 KiB are payments by x402, 15 of them its official library with the
 * validator that it brings, which run nothing until they are called. 51 KiB are jobs, batches and webhooks: 20 of them
 * describe their operations in the OpenAPI document, which is served from the code. 73 KiB are
 * the tools of MCP, 69 of them its official library, which runs nothing until it is called. 25 KiB are the bot of
 * Telegram: 13 of them its client, grammY, and 6 what it says in five languages; nothing of it runs before the first
 * message. 7 KiB are the bot of Discord: 2 of them its library, and 2 what it says. 4 KiB are the bot of Slack, which
 * has no library. The wasm and the fonts of overlays are not code.
 */
const CODE_GZIP_BYTES = 524 * 1024;
/** Maximum of everything: the free plan takes 3 MB (docs/reference/platform.md, "Limits of Cloudflare Workers"). */
const TOTAL_GZIP_BYTES = 2_655 * 1024;

const folder = mkdtempSync(join(tmpdir(), "namesight-bundle-"));
let size = { code: 0, total: 0 };
try {
  buildBundle(folder, ["--minify"]);
  size = bundleSize(folder);
} catch (error) {
  const { stdout = "", stderr = error } = error as { stdout?: Buffer; stderr?: Buffer };
  console.error(`${stdout}${stderr}`);
}
rmSync(folder, { recursive: true, force: true });
const { code, total } = size;
const kib = (bytes: number) => `${(bytes / 1024).toFixed(1)} KiB`;
console.log(`code ${kib(code)} of ${kib(CODE_GZIP_BYTES)}, total ${kib(total)} of ${kib(TOTAL_GZIP_BYTES)}, gzip`);
process.exit(code === 0 || code > CODE_GZIP_BYTES || total > TOTAL_GZIP_BYTES ? 1 : 0);
