import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { type BurstSummary, runBurst, type SendPost, sendUntilWhole } from "./load/burst.ts";
import { findFunctions } from "./load/kill.ts";
import { exampleSender } from "./load/send.ts";
import { readProcesses } from "./memory/workerd.ts";

const USAGE = `usage: npm run bench -- load [--concurrent N,N…] [--json]

Send posts with pictures at once, each with a picture of its own, and count how they end: whole, partial, refused (503
with Retry-After) or failed. Prints one line a burst: the counts, the median and the 95th percentile of the whole
answers, the time of the whole burst, the longest Retry-After, and the time from the end of the burst to the first whole
answer of a new post, which obeys Retry-After. Then kills the functions while posts are in flight (Linux): how many are
whole all the same, and how long after the kill the first of them and a new post are.

  --concurrent N,N…   posts at once (1,5,10,20,40,80,200)
  --json              print the result as JSON lines`;

/** Posts in flight when the functions are killed, and how long after their start. */
const [IN_FLIGHT, KILLED_AFTER_MS] = [12, 1_500];

/** Run the benchmark. Returns the exit status. */
export async function benchLoad(argv: string[], stack: () => { worker: string; functions: string }): Promise<number> {
  const options = {
    concurrent: { type: "string", default: "1,5,10,20,40,80,200" },
    json: { type: "boolean", default: false },
    help: { type: "boolean", short: "h", default: false },
  } as const;
  let values: { concurrent: string; json: boolean; help: boolean };
  try {
    ({ values } = parseArgs({ args: argv, options }));
  } catch (error) {
    console.error(`${(error as Error).message}\n${USAGE}`);
    return 2;
  }
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const bursts = values.concurrent.split(",").map(Number);
  if (!bursts.every((count) => Number.isInteger(count) && count > 0 && count <= 500)) {
    console.error(`--concurrent must list integers from 1 to 500, got ${values.concurrent}\n${USAGE}`);
    return 2;
  }
  const print = (result: object) => console.log(values.json ? JSON.stringify(result) : line(result));
  const { worker, functions } = stack();
  const send = await exampleSender(worker);
  await sendUntilWhole(0, send, wait);
  let next = 1;
  for (const concurrent of bursts) {
    const summary: BurstSummary = await runBurst(concurrent, next, send, wait);
    next += concurrent + 1;
    print(summary);
  }
  print(await killInFlight(next, send, functions));
  return 0;
}

async function killInFlight(first: number, send: SendPost, functions: string): Promise<object> {
  const pid = findFunctions(new URL(functions).port, readProcesses());
  const sending = Promise.all(Array.from({ length: IN_FLIGHT }, (_, index) => send(first + index)));
  await wait(KILLED_AFTER_MS);
  process.kill(pid, "SIGKILL");
  const killed = performance.now();
  const recovering = sendUntilWhole(first + IN_FLIGHT, send, wait).then(() => performance.now() - killed);
  const answers = await sending;
  const whole = answers.filter(({ outcome }) => outcome === "whole").map(({ ms }) => ms - KILLED_AFTER_MS);
  return {
    killed_in_flight: IN_FLIGHT,
    whole: whole.length,
    lost: IN_FLIGHT - whole.length,
    first_whole_ms: Math.min(...whole.filter((ms) => ms > 0)),
    recovered_ms: await recovering,
  };
}

function line(result: object): string {
  return Object.entries(result)
    .map(([name, value]) => `${name} ${Math.round(Number(value))}`)
    .join("  ");
}
