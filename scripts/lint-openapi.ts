/**
 * Lints `schemas/openapi.json` by Redocly's recommended rules; a warning fails as an error does. `--file PATH` lints
 * another one.
 */
import { createConfig, lint } from "@redocly/openapi-core";

const at = process.argv.indexOf("--file");
const file = at > 0 ? (process.argv[at + 1] ?? "") : new URL("../schemas/openapi.json", import.meta.url).pathname;
// `GET /health` has no answer in the 400s: it takes nothing that could be wrong.
const config = await createConfig({ extends: ["recommended-strict"], rules: { "operation-4xx-response": "off" } });
const found = await lint({ ref: file, config });
for (const { message, location, ruleId } of found)
  console.error(`${ruleId}: ${message} (${location[0]?.pointer ?? ""})`);
process.exitCode = found.length > 0 ? 1 : 0;
