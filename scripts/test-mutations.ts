/**
 * `npm run test:mutations`: applies each mutation of test/mutations/table.ts to the code, and runs the property test of
 * a request. It must fail, and for the invariant that the mutation breaks; a mutation that it does not notice is an
 * error. A name after `--` runs that mutation only.
 */
import { spawnSync } from "node:child_process";
import { MUTATIONS, type MutationName } from "../test/mutations/table.ts";
import { readOptions } from "./arguments.ts";

const TEST = "test/unit/pipeline/recognize.invariants.test.ts";
const USAGE = `
npm run test:mutations: every committed mutation of the code must make the property test of a request fail.

  --only NAME   one mutation of test/mutations/table.ts
`;

const { only } = readOptions(USAGE, { only: { type: "string" } });
const names = (Object.keys(MUTATIONS) as MutationName[]).filter((name) => only === undefined || name === only);
if (names.length === 0) throw new Error(`there is no mutation called ${only}`);

let survivors = 0;
for (const name of names) {
  const { invariant } = MUTATIONS[name];
  const { status, stdout, stderr } = spawnSync("node_modules/.bin/vitest", ["run", "--project", "unit", TEST], {
    env: { ...process.env, MUTATION: name, LONG: "" },
    encoding: "utf8",
  });
  const isNoticed = status !== 0 && `${stdout}${stderr}`.includes(`a request ${invariant}: `);
  if (!isNoticed) {
    survivors++;
    console.log(stdout, stderr);
  }
  console.log(`${isNoticed ? "ok  " : "FAIL"} mutation: ${name}`);
}
console.log(`${names.length - survivors} mutations were noticed, ${survivors} were not`);
process.exit(survivors > 0 ? 1 : 0);
