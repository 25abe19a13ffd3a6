import { availableParallelism } from "node:os";
import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";
import { unstable_readConfig } from "wrangler";
import { mutate } from "./test/mutations/plugin.ts";

/** Makes property tests draw the same examples in every run. */
const setupFiles = ["./test/support/seed.ts"];

const configuration = (environment = "") =>
  unstable_readConfig({ config: "./wrangler.toml", ...(environment && { env: environment }) }, { hideWarnings: true });

// Tests in Node are three groups with time limits of their own: real weights and whole processes take seconds, the rest
// milliseconds. The limits end a test that hangs; they are no measure of speed, and hold on a busy machine.
const node = (name: string, include: string[], testTimeout: number, globalSetup: string[] = []) => ({
  plugins: mutate(process.env),
  // Without this, later runs would find the mutated module in the cache on disk.
  test: {
    ...(process.env.MUTATION && { fsModuleCache: false }),
    name,
    include,
    environment: "node",
    globalSetup,
    setupFiles,
    testTimeout,
    hookTimeout: testTimeout,
  },
});

export default defineConfig({
  test: {
    // One for each core; vitest leaves one core to itself.
    maxWorkers: availableParallelism(),
    projects: [
      node("unit", ["test/unit/**/*.test.ts"], 60_000),
      node("functions", ["test/functions/**/*.test.ts"], 180_000),
      node("system", ["test/gates/**/*.test.ts", "test/edge/**/*.test.ts", "test/demo/**/*.test.ts"], 600_000, [
        "./test/edge/global-setup.ts",
      ]),
      {
        plugins: [
          cloudflareTest({
            wrangler: { configPath: "./wrangler.toml" },
            // These override a person's own .dev.vars: tests are the same on every machine.
            miniflare: { bindings: { ...configuration().vars } },
            remoteBindings: false,
          }),
        ],
        test: {
          name: "worker",
          include: ["test/worker/**/*.test.ts"],
          provide: { production: configuration("production").vars },
          globalSetup: ["./test/support/hosted/global-setup.ts"],
          setupFiles,
          testTimeout: 60_000,
        },
      },
    ],
  },
});
