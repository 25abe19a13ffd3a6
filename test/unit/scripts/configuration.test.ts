import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { unstable_readConfig } from "wrangler";
import { bindingFaults, findFaults, readWranglerConfig } from "../../../scripts/configuration.ts";
import { freePort } from "../../../scripts/stack/ports.ts";

const folder = mkdtempSync(join(tmpdir(), "namesight-configuration-"));
afterAll(() => rmSync(folder, { recursive: true }));
const NO_FILE = join(folder, "none");

describe("findFaults", () => {
  test("returns nothing when nothing is configured", async () => {
    const others = { PATH: "/bin", HOME: "/root", USER: "x", GH_TOKEN: "a", EXTENSION: "b", picture: "c", MODE: "d" };
    expect(await findFaults({ environment: others, file: NO_FILE })).toEqual([]);
  });

  test.each([
    ["a letter is missing", "GROUNDNG", "GROUNDING"],
    ["a letter is too many", "EXPANSSION", "EXPANSION"],
    ["two letters are swapped", "SEGMENTATOIN", "SEGMENTATION"],
    ["an underscore is missing", "HFTOKEN", "HF_TOKEN"],
    ["it is the secret of a host", "REPLICATE_API_TOKN", "REPLICATE_API_TOKEN"],
  ])("names the near variable when %s", async (_case, name, meant) => {
    expect(await findFaults({ environment: { [name]: "x" }, file: NO_FILE })).toEqual([
      `${name} (environment) is read by nothing; did you mean ${meant}?`,
    ]);
  });

  test("names the near variable when the file sets that one, and when only the case differs", async () => {
    const file = join(folder, "grounding");
    writeFileSync(file, "GROUNDING=cog:local/grounding\n");
    for (const name of ["GROUNDIG", "Expansion"]) {
      const faults = await findFaults({ environment: { [name]: "x" }, file });
      expect(faults).toEqual([expect.stringMatching(`^${name} \\(environment\\) is read by nothing; did you mean `)]);
    }
  });

  test("does not take another program's short name for one of ours", async () => {
    expect(await findFaults({ environment: { MINER: "x" }, file: NO_FILE })).toEqual([]);
  });

  test("says that a port is read from the environment when the file has it", async () => {
    const file = join(folder, "port");
    writeFileSync(file, "PORT=9000\n");
    expect(await findFaults({ environment: {}, file })).toEqual([
      `PORT (${file}) is read from the environment only: set it there`,
    ]);
  });

  test("names the near address when a chain's alias has none", async () => {
    const environment = { EXPANSION: "openai:ollama/x, cog:local/expansion", ENDPOINT_OLAMA: "http://127.0.0.1:1/v1" };
    expect(await findFaults({ environment, file: NO_FILE })).toEqual([
      "ENDPOINT_OLAMA (environment) is read by nothing; did you mean ENDPOINT_OLLAMA?",
      'EXPANSION "openai:ollama/x": ENDPOINT_OLLAMA is not set',
    ]);
  });

  test("accepts an address of an alias that no chain uses now", async () => {
    const environment = {
      EXPANSION: "openai:gpu1/x",
      ENDPOINT_GPU1: "http://127.0.0.1:1/v1",
      ENDPOINT_GPU2: "http://127.0.0.1:2/v1",
    };
    expect(await findFaults({ environment, file: NO_FILE })).toEqual([]);
  });

  test("checks names and values when they come from the file", async () => {
    const file = join(folder, "variables");
    writeFileSync(file, 'PUBLIK_URL=https://a.test\nMNER=cog:local\nHF_TOKEN="a\'`"\n');
    expect(await findFaults({ environment: {}, file })).toEqual([
      `PUBLIK_URL (${file}) is read by nothing; did you mean PUBLIC_URL?`,
      'MNER "cog:local": is not provider/model[@version] or provider:alias/model[@version]',
    ]);
  });

  test("names the variable when its value cannot be quoted for wrangler", async () => {
    const faults = await findFaults({ environment: { ENDPOINT_A_TOKEN: "'`\"" }, file: NO_FILE });
    expect(faults).toEqual([expect.stringMatching(/^ENDPOINT_A_TOKEN contains all three quotes/)]);
  });

  test("tells every port that cannot be used", async () => {
    const busy = await freePort();
    const server = createServer().listen(busy, "127.0.0.1");
    const find = (PORT: string, FUNCTIONS_PORT: string) =>
      findFaults({ environment: {}, file: NO_FILE, ports: { PORT, FUNCTIONS_PORT } });
    expect(await find(String(busy), "80a")).toEqual([
      `port ${busy} is already in use; stop the program that listens there, or set PORT to another port`,
      "FUNCTIONS_PORT=80a is not a port: a whole number from 1 to 65535",
    ]);
    server.close();
    const free = String(await freePort());
    expect(await find(free, free)).toEqual([`PORT and FUNCTIONS_PORT are both ${free}`]);
  });
});

describe("bindingFaults", () => {
  const { vars, ...config } = readWranglerConfig("wrangler.toml", "production");

  test("returns what the Worker would object to in production", async () => {
    const faults = await bindingFaults(vars, config);
    expect(faults).toContainEqual(expect.stringMatching(/^PUBLIC_URL is the example's/));
    expect(faults).toContainEqual(expect.stringMatching(/REPLICATE_API_TOKEN is not set$/));
  });

  test("objects to a model of Workers AI when the AI binding is missing", async () => {
    const environment = { ...vars, GROUNDING: "workers-ai/moondream3" };
    const withoutAi = await bindingFaults(environment, { ...config, ai: undefined });
    expect(withoutAi).toContainEqual(expect.stringMatching(/^GROUNDING "workers-ai\/moondream3": /));
    expect(await bindingFaults(environment, config)).not.toContainEqual(expect.stringMatching(/^GROUNDING/));
  });
});

test.each([undefined, "production"])("wrangler.toml writes no URL into invocation logs (environment %s)", (env) => {
  const { observability } = unstable_readConfig(
    { config: "wrangler.toml", ...(env && { env }) },
    { hideWarnings: true },
  );
  expect(observability).toMatchObject({ enabled: true, logs: { enabled: true, invocation_logs: false } });
});
