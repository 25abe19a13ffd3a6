import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { checkEnvironments } from "../../scripts/models/check.ts";
import { differencesOf, readVersionSchema } from "../../scripts/models/schema.ts";
import { hostForTests } from "../support/hosted/for-tests.ts";
import type { HostScript } from "../support/hosted/script.ts";

const root = resolve(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "namesight-models-"));
afterAll(() => rmSync(folder, { recursive: true }));
const open = hostForTests();

const SAM = "72d58a6b199b075ba3a2c1a0e0951384b819a0f6d99ba6c326727fb464a7c792";
const DINO = "efd10a8ddc57ea28773327e881ce95e20cc1d734c589f7dd01d2036921ed78aa";
const uri = { type: "string", format: "uri" };

/**
 * As Replicate has it of yyjim/segment-anything-tryout (its public data package, January 2025; hosted-apis section
 * 3.1).
 */
const PUBLISHED = schema({
  image: uri,
  box: { type: "string" },
  mask_only: { type: "boolean" },
  multimask_output: { type: "boolean" },
});

function schema(
  properties: object,
  required: readonly string[] = ["image"],
  output: object = { type: "array", items: uri },
) {
  return {
    openapi: "3.0.2",
    components: { schemas: { Input: { type: "object", required, properties }, Output: output } },
  };
}

const hosting = (openapi_schema: object, id = SAM): HostScript => ({
  models: {
    "yyjim/segment-anything-tryout": { versions: [{ id, openapi_schema: openapi_schema as Record<string, unknown> }] },
  },
});

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * The command as a person runs it: in a process of its own, with nothing of this one's environment but what it is
 * given.
 */
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
/** A wrangler.toml with these variables, and those of its production. */
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
const ENTRY = `replicate/yyjim/segment-anything-tryout@${SAM}`;
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
  test("a version as we know it: 0; one GET with our token", async () => {
    const { code, stdout, stderr, calls } = await check(hosting(PUBLISHED));
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toBe(
      `ok         segmentation  ${ENTRY}\n           4 inputs of 4\n1 as expected, 0 drifted, 0 not checked\n`,
    );
    expect(calls).toMatchObject([
      { method: "GET", path: `/replicate/v1/models/yyjim/segment-anything-tryout/versions/${SAM}` },
    ]);
    expect(calls[0]?.headers.authorization).toBe("Bearer t0ken");
  });

  /** Each scenario at a host of its own, all in one run: an alias each. */
  async function checkAll(scenarios: ReadonlyArray<readonly [script: HostScript, finding: string]>) {
    const sessions = await Promise.all(scenarios.map(([script]) => open(script)));
    const entries = scenarios.map((_, index) => `replicate:host${index}/yyjim/segment-anything-tryout@${SAM}`);
    const variables = sessions.flatMap((session, index) => [
      [`ENDPOINT_HOST${index}`, session.at("replicate/v1")],
      [`ENDPOINT_HOST${index}_TOKEN`, "t0ken"],
    ]);
    const ran = await models([
      "check",
      "--config",
      configuration({ SEGMENTATION: entries.join(", "), ...Object.fromEntries(variables) }),
    ]);
    return { ...ran, entries };
  }

  test("where something is not as we know it: 1", async () => {
    const { properties } = PUBLISHED.components.schemas.Input;
    const scenarios: ReadonlyArray<readonly [script: HostScript, finding: string]> = [
      [
        hosting(schema({ image: uri, bbox: {}, mask_only: {}, multimask_output: {} })),
        'our code sends "box", which it does not take and silently ignores',
      ],
      [
        hosting(schema({ ...properties, prompt: {} }, ["image", "prompt"])),
        'it requires "prompt", which our code does not send',
      ],
      [hosting(schema(properties, ["image"], uri)), "its output is string, and our code reads array"],
      [hosting(PUBLISHED, "b".repeat(64)), "it no longer exists (404)"],
      [{}, "it no longer exists (404)"],
    ];
    const { code, stdout, entries } = await checkAll(scenarios);
    expect(stdout.split("\n")).toEqual([
      ...entries.flatMap((entry, index) => [
        `drift      segmentation  ${entry}`,
        `           ${scenarios[index]?.[1]}`,
      ]),
      `0 as expected, ${entries.length} drifted, 0 not checked`,
      "",
    ]);
    expect(code).toBe(1);
  });

  test("where it could not be seen: 2", async () => {
    const fault = (faults: NonNullable<HostScript["faults"]>[string], finding: string) =>
      [{ ...hosting(PUBLISHED), faults: { "replicate.models": faults } }, finding] as const;
    const scenarios = [
      fault([{ kind: "status", status: 401, body: '{"detail":"Invalid token"}' }], "refused our token: 401"),
      fault([{ kind: "status", status: 500 }], "answered 500"),
      // Our token must not go there.
      fault([{ kind: "status", status: 302, headers: { location: "https://elsewhere.test/" } }], "answered 302"),
      fault([{ kind: "reset" }], "cannot be reached, or broke off its answer"),
      fault([{ kind: "cut" }], "cannot be reached, or broke off its answer"),
      fault([{ kind: "status", status: 200, body: "<html>" }], "answered with something that is not a JSON object"),
      fault([{ kind: "status", status: 200, body: "[]" }], "the response has no schema of inputs"),
      fault(
        [{ kind: "status", status: 200, body: '{"openapi_schema":{"components":{"schemas":{"Input":7}}}}' }],
        "the response has no schema of inputs",
      ),
    ];
    const { code, stdout, entries } = await checkAll(scenarios);
    const lines = stdout.split("\n");
    for (const [index, entry] of entries.entries()) {
      expect(lines[2 * index]).toBe(`unchecked  segmentation  ${entry}`);
      expect(lines[2 * index + 1]).toMatch(new RegExp(`${scenarios[index]?.[1]}$`));
    }
    expect(lines.at(-2)).toBe(`0 as expected, 0 drifted, ${entries.length} not checked`);
    expect(code).toBe(2);
  });

  test("the vendor is down: 2", async () => {
    const { code, stdout } = await models(["check", "--config", CONFIG, "--endpoint", "http://127.0.0.1:1/v1"]);
    expect([code, stdout]).toEqual([2, expect.stringContaining("http://127.0.0.1:1 cannot be reached")]);
  });

  test("drift counts before what was not seen", async () => {
    const config = configuration({ SEGMENTATION: ENTRY, GROUNDING: "replicate/nobody/nothing@1" });
    const { code, stdout } = await check({}, config);
    expect(stdout).toContain("no grounding model has this name");
    expect(stdout).toContain("0 as expected, 1 drifted, 1 not checked");
    expect(code).toBe(1);
  });

  test("every environment, each entry once; with --env that one", async () => {
    const config = configuration(
      { SEGMENTATION: ENTRY, GROUNDING: "cog:local/grounding" },
      { SEGMENTATION: ENTRY, GROUNDING: `replicate/adirik/grounding-dino@${DINO}` },
    );
    const both = await check(hosting(PUBLISHED), config);
    expect(both.stdout).toContain("1 as expected, 1 drifted, 0 not checked");
    expect(both.calls).toHaveLength(2);
    const session = await open(hosting(PUBLISHED));
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
    const unknown = await models(["check", "--config", config, "--env", "staging"]);
    expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining("has no environment staging")]);
  });

  test("a person's own chains are over the file's local ones, and nobody's token is asked for where none is needed", async () => {
    const config = configuration({ SEGMENTATION: "cog:local/segmentation" });
    const none = await models(["check", "--config", config], {});
    expect(none).toMatchObject({ code: 0, stdout: "no chain has a model at Replicate\n" });
    const own = await models(["check", "--config", config], { SEGMENTATION: ENTRY });
    expect([own.code, own.stdout]).toEqual([2, expect.stringContaining("the secret REPLICATE_API_TOKEN is not set")]);
  });

  test.each([
    [["chek"], "there is no command chek"],
    [["check", "twice"], "there is no command check twice"],
    [["check", "--endpoint", "nowhere"], "--endpoint is not an address"],
    [["check", "--wrong"], "Unknown option"],
  ])("%j is refused: 2", async (given, said) => {
    const { code, stdout, stderr } = await models(given);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(said);
  });

  test("a token goes nowhere in the clear", async () => {
    const { code, stdout } = await models(["check", "--config", CONFIG, "--endpoint", "http://replicate.test/v1"]);
    expect([code, stdout]).toEqual([2, expect.stringContaining("its endpoint must be https, or http on this machine")]);
  });
});

test("npm run models: in columns, and as JSON", async () => {
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

describe("what is asked of the vendor", () => {
  /** Sends nothing: answers by path. */
  const asking = async (entry: string, answers: Record<string, unknown>, variables: Record<string, string> = {}) => {
    const asked: string[] = [];
    const verdicts = await checkEnvironments(
      [{ chains: { SEGMENTATION: entry }, variable: (name) => variables[name] ?? "t0ken" }],
      {
        endpoint: null,
        fetch: async (url, { headers }) => {
          asked.push(`${url.href} ${(headers as Record<string, string>).authorization}`);
          return url.pathname in answers ? Response.json(answers[url.pathname]) : new Response("", { status: 404 });
        },
      },
    );
    return { asked, verdict: verdicts[0] };
  };
  const version = { id: SAM, openapi_schema: PUBLISHED };

  test("an entry that pins nothing: the version that its file knows", async () => {
    const path = `/v1/models/yyjim/segment-anything-tryout/versions/${SAM}`;
    const { asked, verdict } = await asking("replicate/yyjim/segment-anything-tryout", { [path]: version });
    expect([verdict?.state, asked]).toEqual(["ok", [`https://api.replicate.com${path} Bearer t0ken`]]);
  });

  test("a deployment: its current release", async () => {
    const { asked, verdict } = await asking("replicate/yyjim/segment-anything-tryout@deployments/me/sam", {
      "/v1/deployments/me/sam": {
        owner: "me",
        name: "sam",
        current_release: { number: 3, model: "me/fork", version: "f00" },
      },
      "/v1/models/me/fork/versions/f00": version,
    });
    expect(verdict?.state).toBe("ok");
    expect(asked.map((each) => each.split(" ")[0])).toEqual([
      "https://api.replicate.com/v1/deployments/me/sam",
      "https://api.replicate.com/v1/models/me/fork/versions/f00",
    ]);
    const gone = await asking("replicate/yyjim/segment-anything-tryout@deployments/me/sam", {});
    expect(gone.verdict).toMatchObject({ state: "drift" });
    const empty = await asking("replicate/yyjim/segment-anything-tryout@deployments/me/sam", {
      "/v1/deployments/me/sam": { current_release: null },
    });
    expect(empty.verdict).toMatchObject({ state: "unchecked", findings: ["the response names no version"] });
  });

  test("a model without a version of its own: the official one's latest, which has no list of versions (hosted-apis section 1.4)", async () => {
    const chains = "replicate/zf-kbot/md-me-sam3";
    const { asked, verdict } = await asking(chains, { "/v1/models/zf-kbot/md-me-sam3": { latest_version: version } });
    expect(asked).toHaveLength(1);
    expect(verdict).toMatchObject({
      state: "drift",
      findings: [expect.stringContaining('"prompt_type"'), expect.anything(), expect.anything()],
    });
    const none = await asking(chains, { "/v1/models/zf-kbot/md-me-sam3": { latest_version: null } });
    expect(none.verdict?.state).toBe("unchecked");
  });

  test("an alias: its own place, by its own token", async () => {
    const gateway = { ENDPOINT_GATEWAY: "https://gateway.test/replicate", ENDPOINT_GATEWAY_TOKEN: "0ther" };
    const { asked } = await asking(`replicate:gateway/yyjim/segment-anything-tryout@${SAM}`, {}, gateway);
    expect(asked).toEqual([
      `https://gateway.test/replicate/models/yyjim/segment-anything-tryout/versions/${SAM} Bearer 0ther`,
    ]);
  });
});

describe("schemas as Cog writes them", () => {
  const wrap = (Output: unknown, more: object = {}) => ({
    components: { schemas: { Input: { properties: { image: uri } }, Output, ...more } },
  });
  const outputs = (Output: unknown, more: object = {}) => readVersionSchema(wrap(Output, more))?.outputs;

  test.each<[what: string, output: unknown, types: string[]]>([
    ["a value", uri, ["string"]],
    ["no type at all: anything", { title: "Output" }, []],
    ["nothing", undefined, []],
    ["one of several", { anyOf: [{ type: "string" }, { type: "array", items: {} }] }, ["string", "array"]],
    ["by reference", { $ref: "#/components/schemas/Boxes" }, ["object"]],
    ["by reference in a choice", { allOf: [{ $ref: "#/components/schemas/Boxes" }], nullable: true }, ["object"]],
    ["by reference to itself", { $ref: "#/components/schemas/Output" }, []],
  ])("%s", (_, output, types) => {
    expect(
      outputs(output, { Boxes: { type: "object", properties: { detections: {} } } })?.map(({ type }) => type),
    ).toEqual(types);
  });

  test.each<[reads: string[], output: object, differences: string[]]>([
    [["detections"], { type: "object", properties: { detections: {}, result_image: {} } }, []],
    [
      ["detections"],
      { type: "object", properties: { boxes: {} } },
      ['our code reads "detections" of its output, which has no such property'],
    ],
    [["detections"], { type: "object" }, []],
    [["detections"], { type: "array" }, ["its output is array, and our code reads object"]],
    [["detections"], {}, []],
  ])("what we read, %j, of %j", (reads, output, differences) => {
    const found = readVersionSchema(wrap(output));
    expect(
      found && differencesOf(found, { version: null, inputs: ["image"], output: { type: "object", reads } }),
    ).toEqual(differences);
  });

  test.each([
    [null],
    [7],
    [{}],
    [{ components: {} }],
    [{ components: { schemas: {} } }],
    [{ components: { schemas: { Input: { properties: [] } } } }],
  ])("%j is none", (openapi) => {
    expect(readVersionSchema(openapi)).toBeNull();
  });
});
