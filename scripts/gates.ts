import { spawnSync } from "node:child_process";
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
  { name: "generated lexicon", command: ["node", "scripts/build-lexicon.ts", "--check"] },
  { name: "bundle size", command: ["node", "scripts/check-bundle.ts"] },
];

/** Runs the gates one after another, prints one line for each and the output of those that fail. */
export function runGates(
  gates: readonly Gate[],
  environment: Readonly<Record<string, string>>,
): { passed: number; failed: number } {
  const failed = gates.filter(({ name, command: [program, ...arguments_] }) => {
    const { status, stdout, stderr } = spawnSync(join("node_modules", ".bin", program), arguments_, {
      env: { ...process.env, ...environment },
      encoding: "utf8",
    });
    if (status !== 0) console.log(`${stdout ?? ""}${stderr ?? ""}`);
    console.log(`${status === 0 ? "ok  " : "FAIL"} gate: ${name}`);
    return status !== 0;
  }).length;
  return { passed: gates.length - failed, failed };
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
