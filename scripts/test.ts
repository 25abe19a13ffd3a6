/**
 * `npm test`: every gate, then every test, then one closing line. A gate counts as one test. None executed is a
 * failure; skipped ones are named.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folder = mkdtempSync(join(tmpdir(), "namesight-test-"));
const report = join(folder, "report.json");
const wranglerEnvironment = {
  WRANGLER_SEND_METRICS: "false",
  CLOUDFLARE_CF_FETCH_ENABLED: "false",
  WRANGLER_LOG_PATH: join(folder, "logs"),
};

const gates: Array<[name: string, command: string[]]> = [
  ["format and lint", ["biome", "check", "."]],
  ["types of the Worker", ["tsc", "-p", "tsconfig.worker.json"]],
  ["types of everything else", ["tsc", "-p", "tsconfig.node.json"]],
  ["arrows", ["node", "scripts/check-arrows.ts"]],
  ["generated types", ["wrangler", "types", "--include-runtime=false", "--strict-vars=false", "--check"]],
  ["generated docs", ["node", "scripts/build-docs.ts", "--check"]],
  ["generated OpenAPI document", ["node", "scripts/build-openapi.ts", "--check"]],
  ["lint of the OpenAPI document", ["node", "scripts/lint-openapi.ts"]],
  ["generated lexicon", ["node", "scripts/build-lexicon.ts", "--check"]],
  ["bundle size", ["node", "scripts/check-bundle.ts"]],
];

let passed = 0;
let failed = 0;
for (const [name, command] of gates) {
  const ok = run(command, true);
  console.log(`${ok ? "ok  " : "FAIL"} gate: ${name}`);
  if (ok) passed++;
  else failed++;
}

run(["vitest", "run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`], false);
const skipped: string[] = [];
try {
  const { testResults } = JSON.parse(readFileSync(report, "utf8")) as {
    testResults: Array<{
      name: string;
      status: string;
      message: string;
      assertionResults: Array<{ status: string; fullName: string }>;
    }>;
  };
  const results = testResults.flatMap((file) => file.assertionResults);
  passed += results.filter(({ status }) => status === "passed").length;
  failed += results.filter(({ status }) => status === "failed").length;
  skipped.push(
    ...results.filter(({ status }) => status !== "passed" && status !== "failed").map(({ fullName }) => fullName),
  );
  // A file that does not even load has no test that could fail.
  failed += testResults.filter(
    (file) => file.status === "failed" && file.assertionResults.every(({ status }) => status !== "failed"),
  ).length;
  if (results.length === 0) failed++;
} catch (error) {
  console.error(`the runner left no report: ${error}`);
  failed++;
}
rmSync(folder, { recursive: true, force: true });
for (const name of skipped) console.log(`skipped: ${name}`);
console.log(`${passed} passed, ${failed} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ""}`);
process.exit(failed > 0 ? 1 : 0);

function run([command = "", ...arguments_]: string[], quiet: boolean): boolean {
  const { status, stdout, stderr } = spawnSync(join("node_modules", ".bin", command), arguments_, {
    env: { ...process.env, ...wranglerEnvironment, NODE_OPTIONS: "--disable-warning=ExperimentalWarning" },
    stdio: quiet ? "pipe" : "inherit",
    encoding: "utf8",
  });
  if (quiet && status !== 0) console.log(`${stdout}${stderr}`);
  return status === 0;
}
