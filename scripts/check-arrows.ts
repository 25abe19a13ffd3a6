/**
 * Gate: imports follow the arrows of ARCHITECTURE.md, by dependency-cruiser. It fails when no module of a folder was
 * parsed: such a check would pass anything.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

const folders = ["schemas", "functions", "src", "eval", "bench"].filter((folder) => existsSync(folder));
const cruise = spawnSync(
  "node_modules/.bin/depcruise",
  ["--config", ".dependency-cruiser.cjs", "--output-type", "json", ...folders],
  {
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  },
);
interface Cruise {
  modules: Array<{ source: string; dependencies: unknown[] }>;
  summary: { violations: Array<{ from: string; to: string; rule: { name: string } }> };
}
let result: Cruise;
try {
  result = JSON.parse(cruise.stdout) as Cruise;
} catch {
  console.error(cruise.stdout + cruise.stderr);
  process.exit(1);
}
for (const { from, to, rule } of result.summary.violations) console.error(`${rule.name}: ${from} -> ${to}`);
for (const folder of folders) {
  const own = result.modules.filter(({ source }) => source.startsWith(`${folder}/`) && source.endsWith(".ts"));
  if (own.length === 0) {
    console.error(`no module of ${folder}/ was parsed`);
    process.exit(1);
  }
}
console.log(`${result.modules.length} modules`);
process.exit(result.summary.violations.length > 0 ? 1 : 0);
