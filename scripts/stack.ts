import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { formatVariables } from "./own-variables.ts";

/**
 * The local stack: the functions (models on this machine's CPU) and the Worker (`wrangler dev`) that speaks to them.
 */
export interface Stack {
  readonly url: string;
  readonly functionsUrl: string;
  /** Resolves with what ended by itself. Never resolves when `stop` ended everything. */
  readonly ended: Promise<string>;
  stop(): Promise<void>;
}

export interface StackOptions {
  /** Port of the Worker; a free one without it. */
  port?: number;
  /** Port of the functions; a free one without it. */
  functionsPort?: number;
  /** Where wrangler keeps KV and R2; `.wrangler/state` without it. */
  stateFolder?: string;
  /** The Worker's variables and secrets where they differ from wrangler.toml's; `.dev.vars` is read by nobody else. */
  variables?: Readonly<Record<string, string>>;
  /** Gets what both print. */
  onOutput: (source: "worker" | "functions", text: string) => void;
}

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const READY_WITHIN_MS = 60_000;
const STOP_WITHIN_MS = 5_000;
const POLL_MS = 50;

/** A port that nothing listens on now. */
export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() =>
        address && typeof address === "object" ? resolve(address.port) : reject(new Error("no port")),
      );
    });
  });
}

/**
 * Start both and wait until both answer. Throws, with nothing left running, when a port is taken or a process ends
 * early.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const port = await claim(options.port);
  const functionsPort = await claim(options.functionsPort);
  const url = `http://127.0.0.1:${port}`;
  const functionsUrl = `http://127.0.0.1:${functionsPort}`;
  const folder = mkdtempSync(join(tmpdir(), "namesight-stack-"));
  const variables = join(folder, "variables");
  writeFileSync(variables, formatVariables({ PUBLIC_URL: url, ...options.variables, ENDPOINT_LOCAL: functionsUrl }), {
    mode: 0o600,
  });

  const functions = run(["functions/server.ts"], { HOST: "127.0.0.1", PORT: String(functionsPort) });
  const worker = run(
    [
      "node_modules/wrangler/bin/wrangler.js",
      ...["dev", "--local", "--ip", "127.0.0.1", "--port", String(port), "--inspector-port", String(await freePort())],
      ...["--env-file", variables, "--show-interactive-dev-session=false"],
      ...(options.stateFolder ? ["--persist-to", options.stateFolder] : []),
    ],
    // Nothing here may speak to a host outside this machine (toolchain: wrangler asks for metrics and a request.cf
    // sample).
    {
      WRANGLER_SEND_METRICS: "false",
      CLOUDFLARE_CF_FETCH_ENABLED: "false",
      WRANGLER_HIDE_BANNER: "true",
      WRANGLER_LOG_PATH: `${ROOT}.wrangler/logs`,
    },
  );
  const children = [
    { name: "functions" as const, child: functions, health: `${functionsUrl}/health` },
    { name: "worker" as const, child: worker, health: `${url}/health` },
  ];
  const last: Record<string, string> = {};
  for (const { name, child } of children) {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        last[name] = ((last[name] ?? "") + text).slice(-2_000);
        options.onOutput(name, text);
      });
    }
  }
  let stopping = false;
  const stop = async () => {
    stopping = true;
    await Promise.all(children.map(({ child }) => end(child)));
    rmSync(folder, { recursive: true, force: true });
  };
  const ended = new Promise<string>((resolve) => {
    for (const { name, child } of children) {
      child.once("exit", (code) => {
        if (!stopping) resolve(`the ${name} ended with code ${code}\n${last[name] ?? ""}`);
      });
    }
  });
  try {
    const early = ended.then((why) => Promise.reject(new Error(why)));
    await Promise.race([early, Promise.all(children.map(({ name, health }) => answers(name, health)))]);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, functionsUrl, ended, stop };
}

/** The port asked for, when it is free; any free one when none is asked for. */
async function claim(port: number | undefined): Promise<number> {
  if (port === undefined) return freePort();
  await new Promise<void>((resolve, reject) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(
        new Error(
          error.code === "EADDRINUSE" ? `port ${port} is already in use; stop what listens there` : error.message,
        ),
      ),
    );
    server.listen(port, "127.0.0.1", () => server.close(() => resolve()));
  });
  return port;
}

function run(arguments_: string[], environment: Record<string, string>): ChildProcess {
  // A process group of its own, so that `end` reaches workerd, which wrangler starts, as well.
  return spawn(process.execPath, ["--disable-warning=ExperimentalWarning", ...arguments_], {
    cwd: ROOT,
    detached: true,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

async function answers(name: string, health: string): Promise<void> {
  for (const deadline = Date.now() + READY_WITHIN_MS; Date.now() < deadline; ) {
    const response = await fetch(health).catch(() => null);
    await response?.body?.cancel();
    if (response?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new Error(`the ${name} did not answer ${health} within ${READY_WITHIN_MS / 1000} s`);
}

/** Ask the group to end; insist when it does not. */
async function end(child: ChildProcess): Promise<void> {
  const { pid } = child;
  if (pid === undefined) return;
  const signal = (name: NodeJS.Signals) => {
    try {
      process.kill(-pid, name);
    } catch {
      // The group is gone already.
    }
  };
  if (child.exitCode === null && child.signalCode === null) {
    const gone = new Promise((resolve) => child.once("exit", resolve));
    signal("SIGTERM");
    const timer = setTimeout(() => signal("SIGKILL"), STOP_WITHIN_MS);
    await gone;
    clearTimeout(timer);
  }
  signal("SIGKILL");
}
