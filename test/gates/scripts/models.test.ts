import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { hostForTests } from "../../support/hosted/for-tests.ts";
import type { HostScript } from "../../support/hosted/script.ts";
import { hosting, SAM, SAM_SCHEMA, SAM_VERSION } from "../../support/replicate-schemas.ts";

/**
 * The command `npm run models` as a process: its arguments, its configuration files and its exit codes. What it finds
 * is tested without a process in test/unit/scripts/models/.
 */
const root = resolve(import.meta.dirname, "../../..");
const folder = mkdtempSync(join(tmpdir(), "namesight-models-"));
afterAll(() => rmSync(folder, { recursive: true }));
const open = hostForTests();

const ENTRY = `replicate/${SAM}@${SAM_VERSION}`;
const DINO = "efd10a8ddc57ea28773327e881ce95e20cc1d734c589f7dd01d2036921ed78aa";

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command with these environment variables and no others. */
function models(
  arguments_: readonly string[],
  environment: Record<string, string> = { REPLICATE_API_TOKEN: "t0ken" },
): Promise<Ran> {
  const command = ["--disable-warning=ExperimentalWarning", "scripts/models.ts", ...arguments_];
  const options = {
    cwd: root,
    env: { PATH: process.env.PATH, WRANGLER_SEND_METRICS: "false", WRANGLER_LOG_PATH: folder, ...environment },
  };
  return new Promise((done) => {
    const child = execFile(process.execPath, command, options, (_, stdout, stderr) =>
      done({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}

let files = 0;
/** A wrangler.toml with these variables, and these of its environment `production`. */
function configuration(vars: Record<string, string>, production: Record<string, string> = {}): string {
  const file = join(folder, `wrangler-${++files}.toml`);
  const lines = (values: Record<string, string>) =>
    Object.entries(values).map(([name, value]) => `${name} = ${JSON.stringify(value)}\n`);
  writeFileSync(
    file,
    ['name = "x"\n[vars]\n', ...lines(vars), "[env.production.vars]\n", ...lines(production)].join(""),
  );
  return file;
}
const CONFIG = configuration({
  SEGMENTATION: `cog:local/segmentation, ${ENTRY}`,
  ENDPOINT_LOCAL: "http://127.0.0.1:9",
});

async function check(script: HostScript, config = CONFIG) {
  const session = await open(script);
  const ran = await models(["check", "--config", config, "--endpoint", session.at("replicate/v1")]);
  return { ...ran, calls: await session.calls() };
}

describe("npm run models -- check", () => {
  test("exits 0 when the version is as expected", async () => {
    const { code, stdout, stderr, calls } = await check(hosting(SAM_SCHEMA));
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toBe(
      `ok         segmentation  ${ENTRY}\n           4 inputs of 4\n1 as expected, 0 drifted, 0 not checked\n`,
    );
    expect(calls).toMatchObject([{ method: "GET", path: `/replicate/v1/models/${SAM}/versions/${SAM_VERSION}` }]);
    expect(calls[0]?.headers.authorization).toBe("Bearer t0ken");
  });

  test("exits 2 when Replicate cannot be reached", async () => {
    const { code, stdout } = await models(["check", "--config", CONFIG, "--endpoint", "http://127.0.0.1:1/v1"]);
    expect([code, stdout]).toEqual([2, expect.stringContaining("http://127.0.0.1:1 cannot be reached")]);
  });

  test("exits 1 when one entry drifted and another could not be checked", async () => {
    const config = configuration({ SEGMENTATION: ENTRY, GROUNDING: "replicate/nobody/nothing@1" });
    const { code, stdout } = await check({}, config);
    expect(stdout).toContain("no grounding model has this name");
    expect(stdout).toContain("0 as expected, 1 drifted, 1 not checked");
    expect(code).toBe(1);
  });

  test("checks every environment, each entry once", async () => {
    const config = configuration(
      { SEGMENTATION: ENTRY, GROUNDING: "cog:local/grounding" },
      { SEGMENTATION: ENTRY, GROUNDING: `replicate/adirik/grounding-dino@${DINO}` },
    );
    const both = await check(hosting(SAM_SCHEMA), config);
    expect(both.stdout).toContain("1 as expected, 1 drifted, 0 not checked");
    expect(both.calls).toHaveLength(2);
  });

  test("checks one environment with --env", async () => {
    const session = await open(hosting(SAM_SCHEMA));
    const local = await models([
      "check",
      "--config",
      configuration({}, { SEGMENTATION: ENTRY }),
      "--env",
      "production",
      "--endpoint",
      session.at("replicate/v1"),
    ]);
    expect([local.code, local.stdout]).toEqual([0, expect.stringContaining("1 as expected, 0 drifted")]);
  });

  test("exits 2 when the environment of --env does not exist", async () => {
    const unknown = await models(["check", "--config", CONFIG, "--env", "staging"]);
    expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining("has no environment staging")]);
  });

  test("needs no token when no chain has a model at Replicate", async () => {
    const config = configuration({ SEGMENTATION: "cog:local/segmentation" });
    const none = await models(["check", "--config", config], {});
    expect(none).toMatchObject({ code: 0, stdout: "no chain has a model at Replicate\n" });
  });

  test("checks the chains of the environment variables instead of those in the file", async () => {
    const config = configuration({ SEGMENTATION: "cog:local/segmentation" });
    const own = await models(["check", "--config", config], { SEGMENTATION: ENTRY });
    expect([own.code, own.stdout]).toEqual([2, expect.stringContaining("the secret REPLICATE_API_TOKEN is not set")]);
  });

  test.each([
    [["chek"], "there is no command chek"],
    [["check", "twice"], "there is no command check twice"],
    [["check", "--endpoint", "nowhere"], "--endpoint is not an address"],
    [["check", "--wrong"], "Unknown option"],
  ])("exits 2 when its arguments are %j", async (args, message) => {
    const { code, stdout, stderr } = await models(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(message);
  });

  test("sends no token when the endpoint is http on another machine", async () => {
    const { code, stdout } = await models(["check", "--config", CONFIG, "--endpoint", "http://replicate.test/v1"]);
    expect([code, stdout]).toEqual([2, expect.stringContaining("its endpoint must be https, or http on this machine")]);
  });
});

test("npm run models lists the models in columns, and as JSON with --json", async () => {
  const [list, json] = await Promise.all([models([]), models(["--json"])]);
  expect([list.code, json.code]).toEqual([0, 0]);
  const parsed = JSON.parse(json.stdout) as Array<{ stage: string; entries: string[]; batch: unknown }>;
  expect(list.stdout).toContain(`\n${parsed.length} models\n`);
  expect(parsed).toContainEqual(
    expect.objectContaining({
      stage: "segmentation",
      entries: ["replicate/yyjim/segment-anything-tryout"],
      batch: 1,
      picture: "link",
      maximumCostUsd: 0.05,
    }),
  );
  expect(parsed.find(({ stage }) => stage === "picture")?.batch).toBe("all");
});
