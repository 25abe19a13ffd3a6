/** `npm run bench`. `scripts/with-stack.ts` starts a stack and sets NAMESIGHT_URL and FUNCTIONS_URL. */
import { benchLatency } from "./latency.ts";
import { benchLoad } from "./load.ts";

/** The addresses of the stack. Ends the process when they are not set. */
function stack(): { worker: string; functions: string } {
  const { NAMESIGHT_URL: worker, FUNCTIONS_URL: functions } = process.env;
  if (worker && functions) return { worker, functions };
  console.error("NAMESIGHT_URL and FUNCTIONS_URL are not set: they name the stack; npm run bench starts one.");
  process.exit(2);
}

const [mode, ...rest] = process.argv.slice(2);
process.exit(mode === "load" ? await benchLoad(rest, stack) : await benchLatency(process.argv.slice(2), stack));
