/**
 * `npm run knowledge -- load FILE [--env production]`: puts a pool of examples into R2, with their vectors, for the
 * stage that writes background knowledge.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { USAGE_ERROR } from "./arguments.ts";
import { readWranglerConfig } from "./configuration.ts";
import { embeddingModel, embedPool, readExamples } from "./knowledge/pool.ts";
import { ownVariables } from "./own-variables.ts";

const USAGE = `
npm run knowledge -- load FILE [--env production]

FILE has one example a line, as JSON: {"text": "the post", "caption": "its picture, where it has one", "answer": "what
its names are, and why, in one paragraph"}. Each text gets its vector from the first model of EMBEDDING, and the pool
replaces the one that is in R2: that of this machine, or the environment's, for which you must be logged in. A Worker
that runs keeps the pool that it has read until it starts again.

  --env NAME         an environment of wrangler.toml
  --persist-to DIR   where R2 of this machine is kept, if not in .wrangler/state
`;

const KEY = "knowledge/examples.jsonl";

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      env: { type: "string" },
      "persist-to": { type: "string" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  const [command, file, ...others] = positionals;
  if (values.help) console.log(USAGE.trim());
  else if (command !== "load" || file === undefined || others.length > 0) throw new Error(USAGE.trim());
  else process.exitCode = await load(file, values.env, values["persist-to"]);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = USAGE_ERROR;
}

async function load(file: string, environment: string | undefined, folderOfState?: string): Promise<number> {
  const { examples, faults } = readExamples(readFileSync(file, "utf8"));
  for (const fault of faults) console.error(`${file}: ${fault}`);
  if (faults.length > 0) return 1;
  const config = readWranglerConfig("wrangler.toml", environment);
  const bucket = config.r2_buckets.find(({ binding }) => binding === "MASKS")?.bucket_name;
  if (!bucket) throw new Error("wrangler.toml has no bucket with the binding MASKS");
  const variables = { ...config.vars, ...ownVariables(process.env, ".dev.vars") };
  const { pool, model } = await embedPool(examples, embeddingModel(variables));
  const folder = mkdtempSync(join(tmpdir(), "namesight-knowledge-"));
  try {
    const path = join(folder, "examples.jsonl");
    writeFileSync(path, pool);
    const local = ["--local", ...(folderOfState === undefined ? [] : ["--persist-to", folderOfState])];
    const where = environment === undefined ? local : ["--remote"];
    const { status } = spawnSync(
      process.execPath,
      ["node_modules/wrangler/bin/wrangler.js", "r2", "object", "put", `${bucket}/${KEY}`, "--file", path, ...where],
      { stdio: ["ignore", "ignore", "inherit"], env: { ...process.env, WRANGLER_SEND_METRICS: "false" } },
    );
    if (status !== 0) return 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
  console.log(`${examples.length} examples with vectors of ${model} are in ${bucket}/${KEY}`);
  return 0;
}
