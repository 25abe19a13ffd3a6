import { describe, expect, test } from "vitest";
import { PROVIDERS, readAddress } from "../../../src/stages/address.ts";

const VARIABLES: Readonly<Record<string, string>> = {
  ENDPOINT_LOCAL: "http://127.0.0.1:8788",
  ENDPOINT_MY_HOST: " https://host.test/v1 ",
  ENDPOINT_MY_HOST_TOKEN: "t0ken",
  ENDPOINT_PLAIN: "http://host.test",
  ENDPOINT_WORDS: "not an address",
  ENDPOINT_QUERY: "https://host.test/?key=1",
  ENDPOINT_SPACED: "https://host.test",
  ENDPOINT_SPACED_TOKEN: "two words",
  REPLICATE_API_TOKEN: "r8_token",
};
const read = (entry: string) => readAddress(entry, (name) => VARIABLES[name] ?? "");

describe("readAddress", () => {
  test.each<[entry: string, address: object]>([
    [
      "replicate/owner/name",
      { provider: "replicate", model: "owner/name", version: null, aliased: false, token: "r8_token" },
    ],
    ["replicate/owner/name@abc", { model: "owner/name", version: "abc" }],
    ["replicate/owner/name@deployments/me/it", { model: "owner/name", version: "deployments/me/it" }],
    ["cog:local/grounding", { provider: "cog", model: "grounding", aliased: true, token: null }],
    ["openai:my-host/llama3.2@riveg", { model: "llama3.2", version: "riveg", aliased: true, token: "t0ken" }],
    ["workers-ai/@cf/meta/llama", { provider: "workers-ai", model: "@cf/meta/llama", endpoint: null, token: null }],
    ["images/upright", { provider: "images", model: "upright", endpoint: null, aliased: false }],
  ])("reads %s", (entry, address) => {
    expect(read(entry)).toMatchObject({ entry, ...address });
  });

  test.each([
    ["replicate/owner/name", PROVIDERS.replicate?.endpoint],
    ["cog:local/grounding", "http://127.0.0.1:8788/"],
    ["openai:my-host/m", "https://host.test/v1"],
  ])("gives %s the endpoint %s", (entry, endpoint) => {
    expect(read(entry).endpoint?.href).toBe(endpoint);
  });

  test.each([
    ["grounding-dino", "is not provider/model[@version] or provider:alias/model[@version]"],
    ["replicate/two words", "is not provider/model"],
    ["replicate/name@", "is not provider/model"],
    ["cog:other/m", "ENDPOINT_OTHER is not set"],
    ["cog:words/m", "ENDPOINT_WORDS is not an address"],
    ["cog:plain/m", "ENDPOINT_PLAIN must be https, or http on this machine"],
    ["cog:query/m", "ENDPOINT_QUERY must"],
    ["openai/gpt", "the secret OPENAI_API_KEY is not set"],
    ["cog:spaced/m", "the secret ENDPOINT_SPACED_TOKEN has characters that no token has"],
    ["constructor/m@1", null],
  ])("reads %s or says what is wrong: %s", (entry, message) => {
    if (message === null) expect(read(entry)).toMatchObject({ provider: "constructor", endpoint: null });
    else expect(() => read(entry)).toThrow(message);
  });
});
