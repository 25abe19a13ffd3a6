/** `npm run check`: the gates that take seconds; no test. */
import { readOptions } from "./arguments.ts";
import { FAST_GATES, quietEnvironment, runGates } from "./gates.ts";

readOptions(
  `npm run check: ${FAST_GATES.map(({ name }) => name).join(", ")}. \`npm run format\` corrects the first.`,
  {},
);
const { passed, failed } = runGates(FAST_GATES, quietEnvironment(".wrangler/logs"));
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
