import { describe, expect, test } from "vitest";
import { checkEnvironments, exitCodeOf, formatVerdicts, type Verdict } from "../../../../scripts/models/check.ts";
import { hostForTests } from "../../../support/hosted/for-tests.ts";
import type { Fault, HostScript } from "../../../support/hosted/script.ts";
import { hosting, SAM, SAM_SCHEMA, SAM_VERSION, uri, versionSchema } from "../../../support/replicate-schemas.ts";

const open = hostForTests();
const ENTRY = `replicate/${SAM}@${SAM_VERSION}`;
const environment = (chains: Record<string, string>) => ({ chains, variable: () => "t0ken" });

/** The verdict on one entry at a host that follows the script. */
async function check(script: HostScript, entry = ENTRY) {
  const session = await open(script);
  const options = {
    endpoint: new URL(session.at("replicate/v1")),
    fetch: (url: URL, init: RequestInit) => fetch(url, init),
  };
  const [verdict, ...more] = await checkEnvironments([environment({ SEGMENTATION: entry })], options);
  expect(more).toEqual([]);
  return { verdict, calls: await session.calls() };
}

describe("checkEnvironments", () => {
  test("finds a version as expected with one GET", async () => {
    const { verdict, calls } = await check(hosting(SAM_SCHEMA));
    expect(verdict).toEqual({ stage: "segmentation", entry: ENTRY, state: "ok", findings: ["4 inputs of 4"] });
    expect(calls).toMatchObject([
      {
        method: "GET",
        path: `/replicate/v1/models/${SAM}/versions/${SAM_VERSION}`,
        headers: { authorization: "Bearer t0ken" },
      },
    ]);
  });

  const { properties } = SAM_SCHEMA.components.schemas.Input;
  test.each<[what: string, script: HostScript, finding: string]>([
    [
      "the version does not take an input that is sent",
      hosting(versionSchema({ image: uri, bbox: {}, mask_only: {}, multimask_output: {} })),
      'our code sends "box", which it does not take and silently ignores',
    ],
    [
      "the version requires an input that is not sent",
      hosting(versionSchema({ ...properties, prompt: {} }, ["image", "prompt"])),
      'it requires "prompt", which our code does not send',
    ],
    [
      "the version has another output",
      hosting(versionSchema(properties, ["image"], uri)),
      "its output is string, and our code reads array",
    ],
    ["the version no longer exists", hosting(SAM_SCHEMA, "b".repeat(64)), "it no longer exists (404)"],
    ["the model no longer exists", {}, "it no longer exists (404)"],
  ])("finds drift when %s", async (_, script, finding) => {
    expect((await check(script)).verdict).toMatchObject({ state: "drift", findings: [finding] });
  });

  test.each<[what: string, fault: Fault, finding: string]>([
    [
      "refuses the token",
      { kind: "status", status: 401, body: '{"detail":"Invalid token"}' },
      "refused our token: 401",
    ],
    ["fails", { kind: "status", status: 500 }, "answered 500"],
    // The token must not go to the other address.
    ["redirects", { kind: "status", status: 302, headers: { location: "https://elsewhere.test/" } }, "answered 302"],
    ["resets the connection", { kind: "reset" }, "cannot be reached, or broke off its answer"],
    ["breaks off its answer", { kind: "cut" }, "cannot be reached, or broke off its answer"],
    [
      "answers with HTML",
      { kind: "status", status: 200, body: "<html>" },
      "answered with something that is not a JSON object",
    ],
    ["answers with a list", { kind: "status", status: 200, body: "[]" }, "the response has no schema of inputs"],
    [
      "answers with another schema",
      { kind: "status", status: 200, body: '{"openapi_schema":{"components":{"schemas":{"Input":7}}}}' },
      "the response has no schema of inputs",
    ],
  ])("leaves an entry unchecked when the host %s", async (_, fault, finding) => {
    const { verdict } = await check({ ...hosting(SAM_SCHEMA), faults: { "replicate.models": [fault] } });
    expect(verdict).toMatchObject({ state: "unchecked", findings: [expect.stringContaining(finding)] });
  });

  test("checks an entry once when several environments have it, and no entry of another provider", async () => {
    const asked: string[] = [];
    const verdicts = await checkEnvironments(
      [
        environment({ SEGMENTATION: `cog:local/segmentation, ${ENTRY}` }),
        environment({ SEGMENTATION: ENTRY, GROUNDING: "cog:local/grounding" }),
      ],
      {
        endpoint: null,
        async fetch(url) {
          asked.push(url.href);
          return Response.json({ openapi_schema: SAM_SCHEMA });
        },
      },
    );
    expect(verdicts).toMatchObject([{ entry: ENTRY, state: "ok" }]);
    expect(asked).toHaveLength(1);
  });
});

describe("the requests", () => {
  /** Checks one entry at a host that answers by path. */
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
  const version = { id: SAM_VERSION, openapi_schema: SAM_SCHEMA };

  test("ask for the version that the model file knows when the entry pins none", async () => {
    const path = `/v1/models/${SAM}/versions/${SAM_VERSION}`;
    const { asked, verdict } = await asking(`replicate/${SAM}`, { [path]: version });
    expect([verdict?.state, asked]).toEqual(["ok", [`https://api.replicate.com${path} Bearer t0ken`]]);
  });

  test("ask for a deployment's current release when the entry names a deployment", async () => {
    const { asked, verdict } = await asking(`replicate/${SAM}@deployments/me/sam`, {
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
  });

  test("find drift when the deployment no longer exists", async () => {
    const gone = await asking(`replicate/${SAM}@deployments/me/sam`, {});
    expect(gone.verdict).toMatchObject({ state: "drift" });
  });

  test("leave a deployment without a release unchecked", async () => {
    const empty = await asking(`replicate/${SAM}@deployments/me/sam`, {
      "/v1/deployments/me/sam": { current_release: null },
    });
    expect(empty.verdict).toMatchObject({ state: "unchecked", findings: ["the response names no version"] });
  });

  test("ask for the model's latest version when its file knows none", async () => {
    const { asked, verdict } = await asking("replicate/zf-kbot/md-me-sam3", {
      "/v1/models/zf-kbot/md-me-sam3": { latest_version: version },
    });
    expect(asked).toHaveLength(1);
    expect(verdict).toMatchObject({
      state: "drift",
      findings: [expect.stringContaining('"prompt_type"'), expect.anything(), expect.anything()],
    });
  });

  test("leave a model without a version unchecked", async () => {
    const none = await asking("replicate/zf-kbot/md-me-sam3", {
      "/v1/models/zf-kbot/md-me-sam3": { latest_version: null },
    });
    expect(none.verdict?.state).toBe("unchecked");
  });

  test("go to the alias's endpoint with the alias's token", async () => {
    const gateway = { ENDPOINT_GATEWAY: "https://gateway.test/replicate", ENDPOINT_GATEWAY_TOKEN: "0ther" };
    const { asked } = await asking(`replicate:gateway/${SAM}@${SAM_VERSION}`, {}, gateway);
    expect(asked).toEqual([`https://gateway.test/replicate/models/${SAM}/versions/${SAM_VERSION} Bearer 0ther`]);
  });
});

describe("the report", () => {
  const verdict = (state: Verdict["state"], ...findings: string[]): Verdict => ({
    stage: "segmentation",
    entry: ENTRY,
    state,
    findings,
  });

  test("has a line for each entry and each finding, and the totals", () => {
    expect(formatVerdicts([verdict("ok", "4 inputs of 4"), verdict("drift", "one", "two")])).toBe(
      [
        `ok         segmentation  ${ENTRY}`,
        "           4 inputs of 4",
        `drift      segmentation  ${ENTRY}`,
        "           one",
        "           two",
        "1 as expected, 1 drifted, 0 not checked",
        "",
      ].join("\n"),
    );
  });

  test("says so when no chain has a model at Replicate", () => {
    expect(formatVerdicts([])).toBe("no chain has a model at Replicate\n");
  });

  test.each<[states: Array<Verdict["state"]>, code: number]>([
    [[], 0],
    [["ok"], 0],
    [["ok", "unchecked"], 2],
    [["unchecked", "drift", "ok"], 1],
  ])("of %j gives the exit code %i", (states, code) => {
    expect(exitCodeOf(states.map((state) => verdict(state)))).toBe(code);
  });
});
