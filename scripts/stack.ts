import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { formatVariables } from "./own-variables.ts";
import { startEgress } from "./stack/egress.ts";
import type { GuardedThing } from "./stack/guardian.ts";
import { freePort, portFault } from "./stack/ports.ts";

/**
 * The local stack: the functions (models on this machine's CPU) and the Worker (`wrangler dev`) that calls them.
 */
export interface Stack {
  readonly url: string;
  readonly functionsUrl: string;
  /** Resolves with what ended by itself and is not started again. Never resolves when `stop` ended everything. */
  readonly ended: Promise<string>;
  /** Has one more process ended together with the stack, also when this process is killed. */
  guard(child: ChildProcess): void;
  /** Ends both and removes their files. */
  stop(): Promise<void>;
}

export interface StackOptions {
  /** Port of the Worker; a free one without it. */
  port?: number;
  /** Port of the functions; a free one without it. */
  functionsPort?: number;
  /** Whether KV and R2 live in a folder that is removed with the stack; else they are kept in `.wrangler/state`. */
  forgetsState?: boolean;
  /** The Worker's variables and secrets where they differ from wrangler.toml; `.dev.vars` is not read here. */
  variables?: Readonly<Record<string, string>>;
  /** Ends the start before both answer; `startStack` then throws its reason. */
  signal?: AbortSignal;
  /** Receives the output of both. */
  onOutput: (source: "worker" | "functions", text: string) => void;
}

const ROOT = fileURLToPath(new URL("..", import.meta.url));
/**
 * Makes glibc give the buffers of pictures back to the system (mallopt(3), "Environment variables"): it would keep them
 * in one arena per thread, and the functions at twice their memory. Other systems ignore these.
 */
const GIVE_MEMORY_BACK = { MALLOC_ARENA_MAX: "2", MALLOC_MMAP_THRESHOLD_: "1048576" };
const NODE_FLAGS = ["--disable-warning=ExperimentalWarning"];
const READY_WITHIN_MS = 60_000;
const POLL_MS = 50;
/** How often the functions are started again in a row when they end by themselves, for example for lack of memory. */
const RESTARTS = 5;
/** Functions that ran for so many milliseconds did not end for a fault of their start. */
const LASTING_MS = 60_000;
/** Characters of a process's output that are shown when it ends by itself. */
const SHOWN_OUTPUT = 2_000;

/**
 * Starts both and waits until both answer. Functions that end by themselves after that are started again. Throws, with
 * nothing left running, when a port is taken or a process ends early.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const port = await claimPort("PORT", options.port);
  const functionsPort = await claimPort("FUNCTIONS_PORT", options.functionsPort);
  const inspectorPort = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const functionsUrl = `http://127.0.0.1:${functionsPort}`;
  const egress = await startEgress();
  const settings = formatVariables({
    PUBLIC_URL: url,
    ...options.variables,
    ENDPOINT_LOCAL: functionsUrl,
    LOCAL_EGRESS: egress.url,
  });

  const guardian = startGuardian();
  const folder = mkdtempSync(join(tmpdir(), "namesight-stack-"));
  guardian.guard({ path: folder });
  const variables = join(folder, "variables");
  writeFileSync(variables, settings, { mode: 0o600 });
  // What the processes write as temporary files is removed with the folder.
  const environment = { TMPDIR: folder };

  const startFunctions = () =>
    run(["functions/server.ts"], {
      ...environment,
      ...GIVE_MEMORY_BACK,
      HOST: "127.0.0.1",
      PORT: String(functionsPort),
    });
  const startWorker = () =>
    run(
      [
        "node_modules/wrangler/bin/wrangler.js",
        ...["dev", "--local", "--ip", "127.0.0.1", "--port", String(port), "--inspector-port", String(inspectorPort)],
        ...["--env-file", variables, "--show-interactive-dev-session=false"],
        ...(options.forgetsState ? ["--persist-to", join(folder, "state")] : []),
      ],
      // Nothing leaves this machine: wrangler would send metrics and fetch an example of request.cf
      // (docs/reference/platform.md, "Local tools").
      {
        ...environment,
        WRANGLER_SEND_METRICS: "false",
        CLOUDFLARE_CF_FETCH_ENABLED: "false",
        WRANGLER_HIDE_BANNER: "true",
        WRANGLER_LOG_PATH: `${ROOT}.wrangler/logs`,
      },
    );
  let [isUp, isStopping] = [false, false];
  const stop = async () => {
    isStopping = true;
    egress.close();
    await guardian.end();
  };
  const ended = new Promise<string>((resolve) => {
    /** Starts a process. When it ends by itself after both were up, starts it again, at most `restarts` times. */
    const keep = (name: "functions" | "worker", start: () => ChildProcess, restarts: number) => {
      const child = start();
      const started = Date.now();
      let output = "";
      if (child.pid !== undefined) guardian.guard({ group: child.pid });
      for (const stream of [child.stdout, child.stderr]) {
        stream?.setEncoding("utf8").on("data", (text: string) => {
          output = (output + text).slice(-SHOWN_OUTPUT);
          options.onOutput(name, text);
        });
      }
      child.once("exit", (code, signal) => {
        if (isStopping) return;
        const reason = `the ${name} ended with ${signal ?? `code ${code}`}`;
        const left = Date.now() - started > LASTING_MS ? RESTARTS : restarts;
        if (!isUp || restarts < 0 || left === 0) return resolve(`${reason}\n${output}`);
        options.onOutput(name, `${reason} and start again\n`);
        keep(name, start, left - 1);
      });
    };
    keep("functions", startFunctions, RESTARTS);
    keep("worker", startWorker, Number.NEGATIVE_INFINITY);
  });
  try {
    const early = ended.then((reason) => Promise.reject(new Error(reason)));
    const aborted = new Promise((_resolve, reject) =>
      options.signal?.addEventListener("abort", () => reject(options.signal?.reason)),
    );
    const healthy = Promise.all([waitUntilHealthy("functions", functionsUrl), waitUntilHealthy("worker", url)]);
    await Promise.race([early, aborted, healthy]);
    options.signal?.throwIfAborted();
    isUp = true;
  } catch (error) {
    await stop();
    throw error;
  }
  const guard = ({ pid }: ChildProcess) => {
    if (pid !== undefined) guardian.guard({ process: pid });
  };
  return { url, functionsUrl, ended, guard, stop };
}

/** The port asked for, when it is free; any free one when none is asked for. */
async function claimPort(name: string, port: number | undefined): Promise<number> {
  if (port === undefined) return freePort();
  const fault = await portFault(name, port);
  if (fault) throw new Error(fault);
  return port;
}

/** scripts/stack/guardian.ts, which lives until `end` is called or this process dies. */
function startGuardian(): { guard(thing: GuardedThing): void; end(): Promise<void> } {
  const guardian = spawn(process.execPath, [...NODE_FLAGS, "scripts/stack/guardian.ts"], {
    cwd: ROOT,
    detached: true,
    stdio: ["pipe", "ignore", "inherit"],
  });
  const exited = new Promise<void>((resolve) => guardian.once("exit", () => resolve()));
  return {
    guard: (thing) => guardian.stdin.write(`${JSON.stringify(thing)}\n`),
    async end() {
      guardian.stdin.end();
      await exited;
    },
  };
}

function run(script: string[], environment: Record<string, string>): ChildProcess {
  // A process group of its own: a signal to the group reaches workerd as well, which wrangler starts.
  return spawn(process.execPath, [...NODE_FLAGS, ...script], {
    cwd: ROOT,
    detached: true,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

async function waitUntilHealthy(name: string, url: string): Promise<void> {
  const health = `${url}/health`;
  for (const deadline = Date.now() + READY_WITHIN_MS; Date.now() < deadline; ) {
    const response = await fetch(health).catch(() => null);
    await response?.body?.cancel();
    if (response?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new Error(`the ${name} did not answer ${health} within ${READY_WITHIN_MS / 1000} s`);
}
