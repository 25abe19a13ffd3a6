import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as wait } from "node:timers/promises";
import { freePort } from "../../scripts/stack/ports.ts";
import { PROGRAM } from "./install.ts";

const READY_WITHIN_MS = 20_000;

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
