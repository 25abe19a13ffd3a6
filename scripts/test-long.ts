/**
 * `npm run test:long`: all random runs of the long property tests, of which `npm test` makes a tenth, and then every
 * committed mutation of the code, which those tests must notice. It takes some minutes.
 */
import { spawnSync } from "node:child_process";
import { PROPERTY_TESTS } from "../test/mutations/table.ts";
import { ALL_RUNS } from "../test/support/runs.ts";
import { readOptions } from "./arguments.ts";

const USAGE = `
npm run test:long: the long property tests with all their random runs, then npm run test:mutations.
`;

const LONG_TESTS = Object.values(PROPERTY_TESTS).map(({ file }) => file);

readOptions(USAGE, {});
const steps = [
  ["node_modules/.bin/vitest", "run", "--project", "unit", ...LONG_TESTS],
  [process.execPath, "scripts/launch.js", "scripts/test-mutations.ts"],
] as const;
const failed = steps.filter(
  ([program, ...more]) =>
    spawnSync(program, more, { env: { ...process.env, LONG: String(ALL_RUNS) }, stdio: "inherit" }).status !== 0,
);
process.exit(failed.length > 0 ? 1 : 0);
