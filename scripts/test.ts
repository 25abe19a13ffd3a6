/**
 * `npm test`: every gate, then every test, then one closing line. A gate counts as one test. It is a failure when no
 * test ran; skipped ones are named.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readOptions } from "./arguments.ts";
import { FAST_GATES, quietEnvironment, runGates, SLOW_GATES } from "./gates.ts";
import { countResults } from "./test/results.ts";

const USAGE = `
npm test: every gate and every test. It ends with "N passed, N failed", and with exit status 1 when something failed.

For a part: npm run check (the fast gates), npx vitest run --project unit|functions|worker|system [FILE]
`;

readOptions(USAGE, {});
const folder = mkdtempSync(join(tmpdir(), "namesight-test-"));
const report = join(folder, "report.json");
const environment = quietEnvironment(join(folder, "logs"));

const gates = runGates([...FAST_GATES, ...SLOW_GATES], environment);
spawnSync("node_modules/.bin/vitest", ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`], {
  env: { ...process.env, ...environment },
  stdio: "inherit",
});
const tests = readResults();
rmSync(folder, { recursive: true, force: true });

const passed = gates.passed + tests.passed;
const failed = gates.failed + tests.failed;
for (const name of tests.skipped) console.log(`skipped: ${name}`);
console.log(`${passed} passed, ${failed} failed${tests.skipped.length > 0 ? `, ${tests.skipped.length} skipped` : ""}`);
process.exit(failed > 0 ? 1 : 0);

function readResults(): ReturnType<typeof countResults> {
  try {
    return countResults(JSON.parse(readFileSync(report, "utf8")));
  } catch (error) {
    console.error(`the test runner wrote no report: ${error}`);
    return { passed: 0, failed: 1, skipped: [] };
  }
}
