/**
 * `npm run test:mutations`: applies each mutation of test/mutations/table.ts to the code, and runs the property test
 * whose invariant it breaks. That test must fail, and for this invariant; a mutation that it does not notice is an
 * error.
 */
import { spawnSync } from "node:child_process";
import { MUTATIONS, PROPERTY_TESTS } from "../test/mutations/table.ts";
import { readOptions } from "./arguments.ts";

const SUBJECTS = Object.keys(PROPERTY_TESTS).map((subject) => `"${subject}"`);
const USAGE = `
npm run test:mutations: every committed mutation of the code must make a property test fail.

  --only NAME   one mutation of test/mutations/
  --of SUBJECT  the mutations of one subject:
                ${SUBJECTS.join(", ")}
`;

const { only, of } = readOptions(USAGE, { only: { type: "string" }, of: { type: "string" } });
const chosen = Object.entries(MUTATIONS).filter(
  ([name, { subject }]) => (only ?? name) === name && (of ?? subject) === subject,
);
if (chosen.length === 0) throw new Error("there is no such mutation");

let survivors = 0;
for (const [name, { subject, invariant }] of chosen) {
  const test = PROPERTY_TESTS[subject].file;
  const { status, stdout, stderr } = spawnSync("node_modules/.bin/vitest", ["run", "--project", "unit", test], {
    env: { ...process.env, MUTATION: name, LONG: "" },
    encoding: "utf8",
  });
  const isNoticed = status !== 0 && `${stdout}${stderr}`.includes(`${subject} ${invariant}: `);
  if (!isNoticed) {
    survivors++;
    console.log(stdout, stderr);
  }
  console.log(`${isNoticed ? "ok  " : "FAIL"} mutation: ${name}`);
}
console.log(`${chosen.length - survivors} mutations were noticed, ${survivors} were not`);
process.exit(survivors > 0 ? 1 : 0);
