/**
 * Run a script beside a local stack on free ports: `node scripts/with-stack.ts SCRIPT [ARGUMENT …]`. The script finds
 * the Worker at NAMESIGHT_URL and the functions at FUNCTIONS_URL; when NAMESIGHT_URL is set already, that stack is used
 * and none is started.
 */
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ownVariables } from "./own-variables.ts";
import { startStack } from "./stack.ts";

const [script, ...rest] = process.argv.slice(2);
if (!script) {
  console.error("usage: node scripts/with-stack.ts SCRIPT [ARGUMENT …]");
  process.exit(2);
}
if (process.env.NAMESIGHT_URL) {
  process.exit(await child(script, rest, {}));
}

// State of its own, so that a run never answers from an earlier one's cache.
const stateFolder = await mkdtemp(join(tmpdir(), "namesight-"));
let printed = "";
const stack = await startStack({
  stateFolder,
  variables: ownVariables(process.env, ".dev.vars"),
  onOutput: (_source, text) => {
    printed = (printed + text).slice(-4_000);
    if (process.env.NAMESIGHT_VERBOSE) process.stderr.write(text);
  },
}).catch(async (error: Error) => {
  await rm(stateFolder, { recursive: true, force: true });
  console.error(error.message);
  process.exit(1);
});
const stop = async (code: number) => {
  await stack.stop();
  await rm(stateFolder, { recursive: true, force: true });
  process.exit(code);
};
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void stop(130));
void stack.ended.then((why) => {
  console.error(why);
  void stop(1);
});
const code = await child(script, rest, { NAMESIGHT_URL: stack.url, FUNCTIONS_URL: stack.functionsUrl });
if (code !== 0) process.stderr.write(printed);
await stop(code);

function child(path: string, arguments_: string[], environment: Record<string, string>): Promise<number> {
  const started = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", path, ...arguments_], {
    env: { ...process.env, ...environment },
    stdio: "inherit",
  });
  return new Promise((resolve) => started.once("exit", (exitCode) => resolve(exitCode ?? 1)));
}
