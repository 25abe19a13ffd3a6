import { env } from "cloudflare:workers";
import { describe, expect, inject, test } from "vitest";
import { STAGE_NAMES } from "../../schemas/stages/index.ts";
import { readBindings } from "../../src/bindings.ts";
import { PROVIDERS } from "../../src/stages/address.ts";
import "../support/provided.ts";

const DINO = "replicate/adirik/grounding-dino";
const AI = { run: () => Promise.reject(new Error("not called")) };
/** Every secret that a chain may need. */
const secrets = (variables: Readonly<Record<string, string>>) => ({
  LINK_SIGNING_KEY: "k3y",
  KEY_CHECK_SECRET: "c".repeat(32),
  OPERATOR_TOKEN: "o".repeat(32),
  REPLICATE_WEBHOOK_SECRET: "whsec_c2VjcmV0",
  ...Object.fromEntries(Object.values(PROVIDERS).map(({ token }) => [token, "t0ken"])),
  ...Object.fromEntries(
    Object.keys(variables).flatMap((name) => (name.startsWith("ENDPOINT_") ? [[`${name}_TOKEN`, "t0ken"]] : [])),
  ),
});

/**
 * The deployment as wrangler.toml describes it, with secrets set and its address filled in: also one that an operator
 * has changed.
 */
const production = (more: Record<string, unknown> = {}) => {
  const { EXPANSIONS, MASKS, PICTURES, ATTEMPTS, ACCOUNTS, KEY_RATE, ADDRESS_RATE, IMAGES } = env;
  const bindings = { EXPANSIONS, MASKS, PICTURES, ATTEMPTS, ACCOUNTS, KEY_RATE, ADDRESS_RATE, IMAGES, AI };
  const variables = { ...inject("production"), PUBLIC_URL: "https://namesight.test" };
  return readBindings({ ...bindings, ...variables, ...secrets(variables), ...more } as unknown as Env);
};

/** A chain behind an endpoint of the operator's own. */
const alias = (endpoint: string, token = "t0ken") => ({
  GROUNDING: "cog:mine/ours",
  ENDPOINT_MINE: endpoint,
  ENDPOINT_MINE_TOKEN: token,
});

describe("the production environment of wrangler.toml", () => {
  test("every entry of every chain is a model, and nothing is at fault", () => {
    const { faults, chains, models } = production();
    expect(faults).toEqual([]);
    for (const stage of STAGE_NAMES) {
      expect(chains[stage].map(({ entry }) => entry)).toEqual(models[stage]);
      if (!["embedding", "knowledge"].includes(stage)) expect(models[stage]).not.toEqual([]);
    }
  });

  test("asks for keys, and test keys reach embedded models alone, where there are some", () => {
    expect(production()).toMatchObject({ access: { mode: "keys" }, testChains: null });
    const { testChains, faults } = production({
      ENDPOINT_LOCAL: "https://models.namesight.test",
      ENDPOINT_LOCAL_TOKEN: "t",
    });
    expect(faults).toEqual([]);
    const entries = STAGE_NAMES.flatMap((stage) => testChains?.[stage].map(({ entry }) => entry) ?? []);
    expect(entries.toSorted()).toEqual(
      ["entailment", "expansion", "grounding", "mner", "picture", "segmentation"].map((stage) => `cog:local/${stage}`),
    );
  });

  test("predictions are told of by callback", () => {
    expect(production().callbacks).not.toBeNull();
  });

  test.each([
    ["the example's address", { PUBLIC_URL: "https://namesight.example" }, /^PUBLIC_URL is the example's/],
    ["an address that is none", { PUBLIC_URL: "namesight" }, /^PUBLIC_URL is not an address/],
    [
      "the development key",
      { LINK_SIGNING_KEY: "development-only-not-a-secret" },
      /^LINK_SIGNING_KEY is the development key/,
    ],
    ["a short secret of keys", { KEY_CHECK_SECRET: "s3cret" }, /^KEY_CHECK_SECRET has fewer than 32 characters/],
    ["no key", { LINK_SIGNING_KEY: undefined }, /^LINK_SIGNING_KEY is not set/],
    [
      "a token that a chain needs and nobody set",
      { GROUNDING: DINO, REPLICATE_API_TOKEN: undefined },
      /the secret REPLICATE_API_TOKEN is not set/,
    ],
    ["no AI binding", { CAPTION: "workers-ai/moondream3", AI: undefined }, /the Worker has no binding called AI/],
    ["no IMAGES binding", { PICTURE: "images/upright", IMAGES: undefined }, /^PICTURE "images\/upright": .*IMAGES/],
    [
      "a price that is none",
      { MODEL_PRICES: '{"openai/a": {"usd_per_call": "1"}}' },
      /^MODEL_PRICES "openai\/a": usd_per_call must/,
    ],
    ["a cascade's threshold that is none", { MNER_CASCADE: "90%" }, /^MNER_CASCADE is not a number/],
    [
      "a cascade of one model",
      { MNER_CASCADE: "0.9", MNER: "workers-ai/@cf/google/gemma-4-26b-a4b-it" },
      /^MNER_CASCADE needs a second model/,
    ],
    ["constants that are none", { CALIBRATION: "{" }, /^CALIBRATION is not/],
    ["an address without its scheme", { PUBLIC_URL: "localhost:8787" }, /^PUBLIC_URL must be http or https/],
    ["an address of another scheme", { PUBLIC_URL: "ftp://namesight.test" }, /^PUBLIC_URL must be http or https/],
    [
      "an address with a password, which every link would tell",
      { PUBLIC_URL: "https://me:s3cret@namesight.test" },
      /^PUBLIC_URL must .*password/,
    ],
    [
      "an address with a query, behind which no path can stand",
      { PUBLIC_URL: "https://namesight.test/?a=s3cret" },
      /^PUBLIC_URL must .*query/,
    ],
    [
      "an endpoint with a password, which no request may have",
      alias("https://me:s3cret@host.test"),
      /: ENDPOINT_MINE must .*password/,
    ],
    [
      "an endpoint with a query, behind which no path can stand",
      alias("https://host.test/v1?key=s3cret"),
      /: ENDPOINT_MINE must .*query/,
    ],
    ["an endpoint with a fragment", alias("https://host.test/v1#s3cret"), /: ENDPOINT_MINE must .*fragment/],
    [
      "a token that no header takes",
      alias("https://host.test", "s3cret\u2014s3cret"),
      /: the secret ENDPOINT_MINE_TOKEN has characters/,
    ],
    [
      "a provider that is a word of the language",
      { GROUNDING: "constructor/x" },
      /^GROUNDING "constructor\/x": no grounding model/,
    ],
    ["an alias whose endpoint nobody set", alias(""), /^GROUNDING "[^"]*": ENDPOINT_MINE is not set/],
    ["an alias whose endpoint is none", alias("host.test"), /^GROUNDING "[^"]*": ENDPOINT_MINE is not an address/],
    ["a chain of commas", { GROUNDING: ", ,," }, /^GROUNDING has commas and no entry$/],
    ["a callbacks' secret that is none", { REPLICATE_WEBHOOK_SECRET: "s3cret!" }, /^REPLICATE_WEBHOOK_SECRET is not/],
  ])("%s is a fault that says so, and no secret", (_what, more, sentence) => {
    const fault = production(more).faults.join("; ");
    expect(fault).toMatch(sentence);
    expect(fault).not.toContain("s3cret");
  });

  test("a stage that was left out is no fault", () => {
    expect(production({ CAPTION: "", EXPANSION: " " }).faults).toEqual([]);
  });

  test("who names a model that there is none of is told what could stand there, in words", () => {
    for (const stage of STAGE_NAMES) {
      const {
        faults: [fault],
      } = production({ [stage.toUpperCase()]: "nobody/nothing" });
      expect(fault).toMatch(
        new RegExp(`^${stage.toUpperCase()} "nobody/nothing": no ${stage} model has this name; known: [\\w:/@.…, -]+$`),
      );
      expect(fault?.length).toBeLessThan(600);
    }
  });

  test.each([["t0ken\n"], [" t0ken"]])("a secret that was pasted with white space around it works: %j", (token) => {
    expect(production(alias("https://host.test", token)).faults).toEqual([]);
  });
});
