import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { ModelSettings } from "../models/queues.ts";

/** The server of models, running. */
export interface ModelServer {
  readonly url: string;
  readonly process: ChildProcess;
  configure(settings: ModelSettings): Promise<void>;
  stop(): Promise<void>;
}

/** Starts the models in a process of their own. It ends with this process. */
export async function startModels(): Promise<ModelServer> {
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", "bench/models/server.ts"], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout });
  const [port] = (await Promise.race([
    once(lines, "line"),
    once(child, "exit").then(() => Promise.reject(new Error("the models did not start"))),
  ])) as [string];
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    process: child,
    async configure(settings) {
      await fetch(`${url}/settings`, { method: "PUT", body: JSON.stringify(settings) });
    },
    async stop() {
      const exited = once(child, "exit");
      child.stdin.end();
      await exited;
    },
  };
}
