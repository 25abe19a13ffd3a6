/** The arrows of ARCHITECTURE.md. `test/gates` plants a violation of each kind and expects this file to refuse it. */
const only = (name, from, allowed) => ({
  name,
  severity: "error",
  from: { path: `^${from}/` },
  to: {
    path: "^(schemas|functions|src|eval|bench|scripts|test|training|public)/",
    pathNot: `^(${[from, ...allowed].join("|")})(/|$)`,
  },
});
const shared = ["schemas"];
const leaves = ["src/net", "src/resilience", "src/image", "src/storage", "src/observe"];
/** The interface of what code takes from the outside world; it imports nothing but the log's type. */
const runtime = "src/runtime\\.ts";
module.exports = {
  forbidden: [
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    { name: "no-missing", severity: "error", from: {}, to: { couldNotResolve: true, pathNot: "^cloudflare:" } },
    { name: "nothing-imports-tests", severity: "error", from: { pathNot: "^test/" }, to: { path: "^test/" } },
    {
      name: "schemas-import-the-validator-only",
      severity: "error",
      from: { path: "^schemas/" },
      to: { pathNot: "^(schemas/|node_modules/zod/)" },
    },
    only("functions", "functions", shared),
    only("providers", "src/providers", [...shared, runtime, "src/net", "src/resilience"]),
    only("stages", "src/stages", [...shared, runtime, "src/providers", "src/net", "src/image"]),
    only("pipeline", "src/pipeline", [...shared, runtime, "src/stages", ...leaves]),
    only("request", "src/request", [...shared, runtime, "src/pipeline", ...leaves]),
    only("jobs", "src/jobs", [
      ...shared,
      runtime,
      "src/request",
      "src/pipeline",
      "src/webhooks",
      "src/accounts",
      ...leaves,
    ]),
    only("routes", "src/routes", [
      ...shared,
      runtime,
      "src/jobs",
      "src/request",
      "src/pipeline",
      "src/middleware",
      "src/webhooks",
      "src/accounts",
      "src/payments",
      "public",
      ...leaves,
      "public",
    ]),
    only("mcp", "src/mcp", [
      ...shared,
      runtime,
      "src/request",
      "src/pipeline",
      "src/middleware",
      "src/accounts",
      ...leaves,
    ]),
    only("bots", "src/bots", [
      ...shared,
      runtime,
      "src/jobs",
      "src/request",
      "src/pipeline",
      "src/webhooks",
      "src/accounts",
      ...leaves,
    ]),
    only("middleware", "src/middleware", [...shared, runtime, "src/accounts", "src/net", "src/observe"]),
    only("accounts", "src/accounts", [...shared, runtime, ...leaves]),
    only("payments", "src/payments", [...shared, runtime, "src/accounts", ...leaves]),
    only("webhooks", "src/webhooks", [...shared, runtime, ...leaves]),
    only("net", "src/net", shared),
    only("resilience", "src/resilience", shared),
    only("image", "src/image", shared),
    only("storage", "src/storage", shared),
    only("observe", "src/observe", shared),
    only("eval", "eval", [...shared, "scripts/batch"]),
    // It builds the bundle and starts the stack as the scripts do.
    only("bench", "bench", [...shared, "scripts"]),
    {
      name: "runtime-is-a-leaf",
      severity: "error",
      from: { path: "^src/runtime\\.ts$" },
      to: { pathNot: "^(schemas/|src/observe/(log|tracing)\\.ts$)" },
    },
    {
      name: "only-index-imports-app",
      severity: "error",
      from: { pathNot: "^(src/index\\.ts|test/)" },
      to: { path: "^src/(app|index)\\.ts$" },
    },
    {
      name: "only-app-and-index-read-env",
      severity: "error",
      from: { pathNot: "^(src/(app|index)\\.ts|test/)" },
      to: { path: "^src/bindings\\.ts$" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "worker-configuration\\.d\\.ts$" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.node.json" },
    moduleSystems: ["es6", "cjs"],
    // Packages that name their files in "exports" only (hono/body-limit).
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "types", "node", "default"] },
  },
};
