import { expect, test, vi } from "vitest";
import { createProviderFetch } from "../../../src/net/provider-fetch.ts";
import { predict } from "../../../src/providers/replicate.ts";
import { hostForTests } from "../../support/hosted/for-tests.ts";

const open = hostForTests();

test("a place of one's own without a token is not given the one that the process's environment has for the vendor", async () => {
  vi.stubEnv("REPLICATE_API_TOKEN", "of-the-environment");
  const session = await open();
  const tools = {
    fetch: createProviderFetch(new Set([session.base.origin])),
    clock: () => 0,
    chance: () => 0,
    sleep: async () => undefined,
  };
  const bounds = { signal: new AbortController().signal, deadline: 30_000, later: () => undefined };
  const asked = predict(
    { endpoint: new URL(session.at("replicate/v1")), token: "" },
    { model: "owner/name" },
    {},
    tools,
    bounds,
  );
  await expect(asked).rejects.toMatchObject({ code: "unauthorized" });
  vi.unstubAllEnvs();
  const calls = await session.calls();
  expect(calls).toHaveLength(1);
  expect(calls[0]?.headers).not.toHaveProperty("authorization");
});
