import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { join } from "node:path";

/** A check of the whole repository. */
export interface Gate {
  readonly name: string;
  /** A program of node_modules/.bin and its arguments; exit status 0 passes. */
  readonly command: readonly [program: string, ...arguments_: string[]];
}

/** What `npm run check` runs: gates that take seconds. */
export const FAST_GATES: readonly Gate[] = [
  { name: "format and lint", command: ["biome", "check", "."] },
  { name: "types of the Worker", command: ["tsc", "-p", "tsconfig.worker.json"] },
  { name: "types of everything else", command: ["tsc", "-p", "tsconfig.node.json"] },
  { name: "arrows", command: ["node", "scripts/check-arrows.ts"] },
  { name: "width and length", command: ["node", "scripts/check-width.ts"] },
  { name: "citations", command: ["node", "scripts/check-citations.ts"] },
  { name: "tests mirror the source", command: ["node", "scripts/check-mirror.ts"] },
];

/** What `npm test` runs besides: generated files are up to date, and the bundle keeps its size. */
export const SLOW_GATES: readonly Gate[] = [
  {
    name: "generated types",
    command: ["wrangler", "types", "--include-runtime=false", "--strict-vars=false", "--check"],
  },
  { name: "generated docs", command: ["node", "scripts/build-docs.ts", "--check"] },
  { name: "generated OpenAPI document", command: ["node", "scripts/build-openapi.ts", "--check"] },
  { name: "lint of the OpenAPI document", command: ["node", "scripts/lint-openapi.ts"] },
  { name: "additions to the contract only", command: ["node", "scripts/check-contract.ts"] },
  { name: "generated lexicon", command: ["node", "scripts/build-lexicon.ts", "--check"] },
  { name: "bundle size", command: ["node", "scripts/check-bundle.ts"] },
];

/** Runs the gates, as many at once as there are cores. Prints one line for each, and the output of those that fail. */
export async function runGates(
  gates: readonly Gate[],
  environment: Readonly<Record<string, string>>,
): Promise<{ passed: number; failed: number }> {
  const waiting = [...gates];
  let failed = 0;
  const runWaiting = async () => {
    for (let gate = waiting.shift(); gate; gate = waiting.shift()) {
      const { ok, output } = await runGate(gate, environment);
      if (!ok) {
        failed++;
        console.log(output);
      }
      console.log(`${ok ? "ok  " : "FAIL"} gate: ${gate.name}`);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, runWaiting));
  return { passed: gates.length - failed, failed };
}

function runGate(
  { command: [program, ...arguments_] }: Gate,
  environment: Readonly<Record<string, string>>,
): Promise<{ ok: boolean; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(join("node_modules", ".bin", program), arguments_, {
      env: { ...process.env, ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (part: string) => {
        output += part;
      });
    child.once("error", (error) => resolve({ ok: false, output: error.message }));
    child.once("close", (status) => resolve({ ok: status === 0, output }));
  });
}

/** What programs of the gates and tests are told: keep quiet about experiments, send nothing, write logs there. */
export function quietEnvironment(logs: string): Record<string, string> {
  return {
    WRANGLER_SEND_METRICS: "false",
    CLOUDFLARE_CF_FETCH_ENABLED: "false",
    WRANGLER_LOG_PATH: logs,
    NODE_OPTIONS: "--disable-warning=ExperimentalWarning",
  };
}
