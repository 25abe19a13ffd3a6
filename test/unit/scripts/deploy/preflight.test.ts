import { describe, expect, test } from "vitest";
import { readWranglerConfig, type WranglerConfig } from "../../../../scripts/configuration.ts";
import { preflight } from "../../../../scripts/deploy/preflight.ts";

const committed = readWranglerConfig("wrangler.toml", "production");
const required = committed.secrets?.required ?? [];
/** What a person is told to change in wrangler.toml, changed. */
const ready: WranglerConfig = {
  ...committed,
  vars: { ...committed.vars, PUBLIC_URL: "https://namesight-production.someone.workers.dev" },
  kv_namespaces: [{ binding: "EXPANSIONS", id: "0f2ac74b498b48028cb68387c421e279" }],
};
const names = (list: readonly string[]) => new Map(list.map((name) => [name, null]));

describe("preflight", () => {
  test("finds nothing when every placeholder is replaced and every secret is set", async () => {
    expect(await preflight(ready, names(required))).toEqual({ faults: [], unchecked: [] });
  });

  test("refuses the committed file: the example's address and the placeholder id", async () => {
    const { faults } = await preflight(committed, names(required));
    expect(faults).toEqual([
      expect.stringMatching(/^the KV namespace EXPANSIONS has the id "the-id-of-your-namespace", which is none/),
      expect.stringMatching(/^PUBLIC_URL is the example's/),
    ]);
  });

  test.each(required)("refuses once, with the command to run, when the secret %s is missing", async (missing) => {
    const { faults } = await preflight(ready, names(required.filter((name) => name !== missing)));
    expect(faults).toEqual([
      `the secret ${missing} is missing: run npx wrangler secret put ${missing} --env production`,
    ]);
  });

  test("says what it could not check when the secrets are not known", async () => {
    const { faults, unchecked } = await preflight(ready, null);
    expect(faults).toEqual([]);
    expect(unchecked).toEqual([expect.stringContaining(required.join(", "))]);
  });

  test("refuses the development key when the value is known", async () => {
    const secrets = new Map([...names(required), ["LINK_SIGNING_KEY", "development-only-not-a-secret"]]);
    expect((await preflight(ready, secrets)).faults).toEqual([
      expect.stringMatching(/^LINK_SIGNING_KEY is the development key/),
    ]);
  });

  test("refuses a webhook secret of the wrong form when the value is known", async () => {
    const secrets = new Map([...names(required), ["REPLICATE_WEBHOOK_SECRET", "r8_token"]]);
    expect((await preflight(ready, secrets)).faults).toEqual([expect.stringMatching(/^REPLICATE_WEBHOOK_SECRET /)]);
  });

  test("refuses a secret that stands in the file", async () => {
    const exposed = { ...ready, vars: { ...ready.vars, ENDPOINT_GPU_TOKEN: "t" } };
    expect((await preflight(exposed, names(required))).faults).toEqual([
      "ENDPOINT_GPU_TOKEN is a secret and stands in [vars]: remove it there, and run npx wrangler secret put ENDPOINT_GPU_TOKEN --env production",
    ]);
  });

  test.each<[what: string, change: Partial<WranglerConfig>, fault: RegExp]>([
    ["no ENVIRONMENT", { vars: { ...ready.vars, ENVIRONMENT: undefined } }, /^ENVIRONMENT must be "production"/],
    ["another ENVIRONMENT", { vars: { ...ready.vars, ENVIRONMENT: "prod" } }, /^ENVIRONMENT must be "production"/],
    [
      "an address on this machine",
      { vars: { ...ready.vars, PUBLIC_URL: "http://127.0.0.1:8787" } },
      /^PUBLIC_URL must/,
    ],
    ["no KV namespace", { kv_namespaces: [] }, /^the binding EXPANSIONS is missing/],
    ["one bucket", { r2_buckets: [{ binding: "PICTURES" }] }, /^the binding MASKS is missing/],
    [
      "one Durable Object",
      { durable_objects: { bindings: [{ name: "ACCOUNTS" }] } },
      /^the binding ATTEMPTS is missing/,
    ],
    [
      "the documents' route",
      { routes: [{ pattern: "namesight.your-domain.com" }] },
      /^routes contains the placeholder/,
    ],
    [
      "the documents' deployment",
      { vars: { ...ready.vars, SEGMENTATION: "replicate/yyjim/segment-anything-tryout@deployments/YOU/NAME" } },
      /^SEGMENTATION contains the placeholder YOU\/NAME/,
    ],
  ])("refuses %s", async (_, change, fault) => {
    const { faults } = await preflight({ ...ready, ...change }, names(required));
    expect(faults).toEqual([expect.stringMatching(fault)]);
  });

  test("refuses keys without the bindings that count requests", async () => {
    const { faults } = await preflight({ ...ready, ratelimits: [] }, names(required));
    expect(faults).toEqual([
      expect.stringMatching(/^the binding KEY_RATE is missing/),
      expect.stringMatching(/^the binding ADDRESS_RATE is missing/),
      expect.stringMatching(/^ACCESS is keys, which needs the bindings/),
    ]);
  });

  test("refuses a placeholder of the documents that was copied", async () => {
    const copied = {
      ...ready,
      vars: { ...ready.vars, PUBLIC_URL: "https://namesight-production.SUBDOMAIN.workers.dev" },
    };
    expect((await preflight(copied, names(required))).faults).toEqual([
      "PUBLIC_URL contains the placeholder SUBDOMAIN",
    ]);
  });

  test("refuses a chain whose host needs a secret that is not required and not set", async () => {
    const changed = { ...ready, vars: { ...ready.vars, MNER: "openai/gpt-x" } };
    expect((await preflight(changed, names(required))).faults).toEqual([
      expect.stringMatching(/^MNER "openai\/gpt-x": .*OPENAI_API_KEY is not set$/),
    ]);
  });
});
