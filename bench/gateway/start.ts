import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { freePort } from "../../scripts/stack/ports.ts";

/**
 * The gateway is no dependency of this project: its 95 packages (25 MB, with an older zod) would be installed by
 * everybody who installs Namesight. It is installed beside it, where it is asked for.
 */
const [FOLDER, PACKAGE] = ["out/gateway", "@portkey-ai/gateway@1.15.2"];
const PROGRAM = `${FOLDER}/node_modules/@portkey-ai/gateway/build/start-server.js`;
const READY_WITHIN_MS = 20_000;

export const isInstalled = (): boolean => existsSync(PROGRAM);

/** Installs the gateway from npm's registry into `out/gateway`, without running any package's own scripts. */
export function installGateway(): void {
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(`${FOLDER}/package.json`, '{ "private": true }\n');
  execFileSync("npm", ["install", "--ignore-scripts", "--save-exact", PACKAGE], { cwd: FOLDER, stdio: "inherit" });
}

/** Starts the gateway on a free port of this machine. Throws when it does not answer. */
export async function startGateway(): Promise<{ url: string; stop(): Promise<void> }> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const program = ["--import", "./bench/gateway/loopback.js", PROGRAM, `--port=${port}`, "--headless"];
  const child = spawn(process.execPath, program, {
    env: { ...process.env, NODE_ENV: "production" },
    stdio: "ignore",
  });
  const stop = async () => {
    if (child.exitCode !== null) return;
    const exited = once(child, "exit");
    child.kill("SIGKILL");
    await exited;
  };
  for (const deadline = Date.now() + READY_WITHIN_MS; Date.now() < deadline; await wait(100)) {
    const response = await fetch(url).catch(() => null);
    await response?.body?.cancel();
    if (response?.ok) return { url, stop };
  }
  await stop();
  throw new Error("the gateway did not answer");
}
