/**
 * Lints `schemas/openapi.json` by Redocly's recommended rules; a warning fails as an error does. `--file PATH` lints
 * another one.
 */
import { createConfig, lint } from "@redocly/openapi-core";
import { OPERATIONS } from "../schemas/operations.ts";

const at = process.argv.indexOf("--file");
const file = at > 0 ? (process.argv[at + 1] ?? "") : new URL("../schemas/openapi.json", import.meta.url).pathname;
// `GET /health` has no answer in the 400s: it takes nothing that could be wrong.
const config = await createConfig({ extends: ["recommended-strict"], rules: { "operation-4xx-response": "off" } });
const all = await lint({ ref: file, config });
/** Schemas that only an extension refers to, which the linter does not follow. */
const extended = new Set(
  OPERATIONS.flatMap(({ events = {}, lines }) => [...Object.values(events), lines ?? []].flat()),
);
const isExtended = (pointer: string | null | undefined) => extended.has(pointer?.split("/").at(-1) ?? "");
const found = all.filter(
  ({ ruleId, location }) => !(ruleId === "no-unused-components" && isExtended(location[0]?.pointer)),
);
for (const { message, location, ruleId } of found)
  console.error(`${ruleId}: ${message} (${location[0]?.pointer ?? ""})`);
process.exitCode = found.length > 0 ? 1 : 0;
