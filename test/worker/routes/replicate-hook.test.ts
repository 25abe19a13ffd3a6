import { describe, expect, test } from "vitest";
import { LIMITS } from "../../../schemas/limits.ts";
import { sign } from "../../support/hosted/webhook.ts";
import { NOON, readProblem, scriptedPost, startApp } from "../harness.ts";
import { newName, stored } from "../webhooks/stored-attempts.ts";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const OTHER = "whsec_c29tZWJvZHkgZWxzZSdzIHNlY3JldA==";
const NOW = NOON / 1000;
const PUBLIC_URL = "https://api.namesight.test";
const DEPLOYED = { PUBLIC_URL, REPLICATE_WEBHOOK_SECRET: SECRET };

const prediction = {
  id: "p1",
  status: "succeeded",
  input: { image: "https://namesight.test/p", text: "the post" },
  output: ["words"],
  logs: "",
};

/** Sends a signed callback to an attempt's hook, with these changes. */
async function tell(
  name: string,
  {
    body = JSON.stringify(prediction),
    secret = SECRET,
    age = 0,
    headers = {},
    variables = DEPLOYED,
    method = "POST",
  }: {
    body?: string;
    secret?: string;
    age?: number;
    headers?: Record<string, string | null>;
    variables?: Record<string, string>;
    method?: string;
  } = {},
): Promise<Response> {
  const signed = new Headers(await sign(secret, "msg_1", NOW - age, body));
  for (const [header, value] of Object.entries(headers)) {
    if (value === null) signed.delete(header);
    else signed.set(header, value);
  }
  const app = startApp(scriptedPost(), {}, variables);
  return app.fetch(`/hooks/replicate/${name}`, { method, headers: signed, ...(method === "POST" ? { body } : {}) });
}

describe("answers 204", () => {
  test("and stores a final prediction without the post", async () => {
    const name = newName();
    expect((await tell(name)).status).toBe(204);
    const { input: _, logs: __, ...told } = prediction;
    expect(JSON.parse(String((await stored(name)).end))).toEqual(told);
  });

  test("and changes nothing when a callback is repeated", async () => {
    const name = newName();
    await tell(name);
    const before = await stored(name);
    expect((await tell(name)).status).toBe(204);
    expect((await tell(name, { body: JSON.stringify({ ...prediction, status: "failed" }) })).status).toBe(204);
    expect(await stored(name)).toEqual(before);
  });

  test.each([["starting"], ["processing"], ["resting"]])(
    "and stores nothing when the prediction is %s",
    async (status) => {
      const name = newName();
      expect((await tell(name, { body: JSON.stringify({ ...prediction, status, output: null }) })).status).toBe(204);
      expect(await stored(name)).toEqual({});
    },
  );

  test.each([["text"], ["{}"], ["[]"], ["null"]])("and stores nothing when the body is %s", async (body) => {
    const name = newName();
    expect((await tell(name, { body })).status).toBe(204);
    expect(await stored(name)).toEqual({});
  });

  test.each([["succeeded"], ["failed"], ["canceled"], ["aborted"]])(
    "and stores the end %s with an error of any form",
    async (status) => {
      const name = newName();
      await tell(name, { body: JSON.stringify({ id: "p1", status, error: { code: 1 } }) });
      expect(JSON.parse(String((await stored(name)).end))).toMatchObject({ id: "p1", status });
    },
  );

  test("and stores only that it ended when the prediction is too long", async () => {
    const name = newName();
    expect((await tell(name, { body: JSON.stringify({ ...prediction, output: "x".repeat(600_000) }) })).status).toBe(
      204,
    );
    expect(await stored(name)).toEqual({ end: "null" });
  });

  test.each([[300], [-300]])("to a callback that is %i seconds old", async (age) => {
    expect((await tell(newName(), { age })).status).toBe(204);
  });
});

describe("answers 403", () => {
  test.each([
    ["signed by somebody else", { secret: OTHER }],
    ["older than five minutes", { age: 301 }],
    ["from the future", { age: -301 }],
    ["without an id", { headers: { "webhook-id": null } }],
    ["with another id", { headers: { "webhook-id": "msg_2" } }],
    ["without a time", { headers: { "webhook-timestamp": null } }],
    ["with a newer time than it was signed with", { age: 301, headers: { "webhook-timestamp": String(NOW) } }],
    ["with a time that is no number", { headers: { "webhook-timestamp": "now" } }],
    ["without a signature", { headers: { "webhook-signature": null } }],
    ["with an empty signature", { headers: { "webhook-signature": "v1," } }],
    ["with a signature that is not base64", { headers: { "webhook-signature": "v1,***" } }],
  ])("and stores nothing when a callback is %s", async (_, change) => {
    const name = newName();
    const response = await tell(name, change);
    expect(response.status).toBe(403);
    expect((await readProblem(response)).code).toBe("signature_invalid");
    expect(await stored(name)).toEqual({});
  });

  test("when the body was changed", async () => {
    const headers = { ...(await sign(SECRET, "msg_1", NOW, "{}")) };
    expect((await tell(newName(), { headers })).status).toBe(403);
  });
});

describe("answers 404", () => {
  test.each([["0".repeat(31)], ["0".repeat(33)], ["A".repeat(32)], ["-".repeat(32)]])(
    "when the attempt's name is %s",
    async (name) => {
      const response = await tell(name);
      expect([response.status, (await readProblem(response)).code]).toEqual([404, "not_found"]);
    },
  );

  test.each([
    ["no secret", { PUBLIC_URL, REPLICATE_WEBHOOK_SECRET: "" }],
    ["no public address", { ...DEPLOYED, PUBLIC_URL: "" }],
    ["a loopback address", { ...DEPLOYED, PUBLIC_URL: "https://127.0.0.1:8787" }],
    ["an http address", { ...DEPLOYED, PUBLIC_URL: "http://api.namesight.test" }],
  ])("when the deployment has %s", async (_, variables) => {
    expect((await tell(newName(), { variables })).status).toBe(404);
  });
});

test("answers 405 to GET", async () => {
  expect((await tell(newName(), { method: "GET" })).status).toBe(405);
});

test("answers 413 when the body is too large", async () => {
  const response = await tell(newName(), { body: " ".repeat(LIMITS.callbackBytes + 1) });
  expect([response.status, (await readProblem(response)).code]).toEqual([413, "body_too_large"]);
});
