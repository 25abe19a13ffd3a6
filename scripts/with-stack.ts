/**
 * `node scripts/with-stack.ts SCRIPT [ARGUMENT …]`: runs a script beside a local stack on free ports. The script finds
 * the Worker at NAMESIGHT_URL and the functions at FUNCTIONS_URL. For `--help` no stack is started.
 */
import { spawn } from "node:child_process";
import { USAGE_ERROR } from "./arguments.ts";
import { type StackAddress, withStack } from "./stack/use.ts";

const [script, ...rest] = process.argv.slice(2);
if (!script) {
  console.error("usage: node scripts/with-stack.ts SCRIPT [ARGUMENT …]");
  process.exit(USAGE_ERROR);
}
const run = (address: Partial<StackAddress>) =>
  spawn(process.execPath, ["--disable-warning=ExperimentalWarning", script, ...rest], {
    env: { ...process.env, ...address },
    stdio: "inherit",
  });
const statusOf = (child: ReturnType<typeof run>) =>
  new Promise<number>((resolve) => child.once("exit", (status) => resolve(status ?? 1)));

if (rest.includes("--help") || rest.includes("-h")) process.exit(await statusOf(run({})));
await withStack((address, guard) => {
  const child = run(address);
  guard(child);
  return statusOf(child);
});
