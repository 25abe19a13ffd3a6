import { abortAllDurableObjects, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LIMITS } from "../../../schemas/limits.ts";
import { Attempts } from "../../../src/webhooks/attempts.ts";
import { isAuthentic } from "../../../src/webhooks/standard-webhooks.ts";
import { sign } from "../../support/hosted/webhook.ts";
import { NOON, readProblem, scriptedPost, startApp } from "../harness.ts";
import { unbound } from "../providers/start.ts";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const OTHER = "whsec_c29tZWJvZHkgZWxzZSdzIHNlY3JldA==";
const NOW = NOON / 1000;
const PUBLIC_URL = "https://api.namesight.test";
const DEPLOYED = { PUBLIC_URL, REPLICATE_WEBHOOK_SECRET: SECRET };

let attempts = 0;
/** A name of an attempt that no other test uses. */
const newName = () => (++attempts).toString(16).padStart(32, "0");

/** The storage of an attempt's Durable Object. */
const stored = (name: string) =>
  runInDurableObject(env.ATTEMPTS.getByName(name), async (_, { storage }) => Object.fromEntries(await storage.list()));

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
  const response = await tell(newName(), { body: " ".repeat(LIMITS.bodyBytes + 1) });
  expect([response.status, (await readProblem(response)).code]).toEqual([413, "body_too_large"]);
});

describe("isAuthentic", () => {
  // docs/reference/hosted-models.md, "Replicate"; the second was computed with its secret.
  const VECTORS = [
    [
      "msg_p5jXN8AQM9LWM0D4loKWxJek",
      1614265330,
      '{"test": 2432232314}',
      "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    ],
    [
      "msg_riveg_0001",
      1795392000,
      '{"id":"abc","status":"succeeded"}',
      "v1,LPcYw5F500X25+hgwuwC/3NJPz0Oq9tW6MBBt1sBg5Y=",
    ],
  ] as const;
  const [[id, timestamp, body, signature]] = VECTORS;
  const wrong = `v1,${btoa("x".repeat(32))}`;
  const check = (signatures: string, secret = SECRET) => {
    const headers = new Headers({
      "webhook-id": id,
      "webhook-timestamp": String(timestamp),
      "webhook-signature": signatures,
    });
    return isAuthentic(headers, new TextEncoder().encode(body), secret, timestamp);
  };

  test.each(VECTORS)("accepts the test vector %s, and no change of it", async (vectorId, time, text, signed) => {
    const headers = new Headers({
      "webhook-id": vectorId,
      "webhook-timestamp": String(time),
      "webhook-signature": signed,
    });
    expect(await isAuthentic(headers, new TextEncoder().encode(text), SECRET, time)).toBe(true);
    expect(await isAuthentic(headers, new TextEncoder().encode(`${text} `), SECRET, time)).toBe(false);
    expect(await isAuthentic(headers, new TextEncoder().encode(text), SECRET, time + 301)).toBe(false);
  });

  test.each([
    ["accepts a signature behind a wrong one, as during a change of keys", `${wrong} ${signature}`, true],
    ["accepts a signature before one of another version", `${signature} v1a,abc`, true],
    ["refuses another version alone", signature.replace("v1,", "v2,"), false],
    ["refuses an asymmetric version alone", signature.replace("v1,", "v1a,"), false],
    ["refuses a signature without a version", signature.slice(3), false],
    ["refuses a wrong signature", wrong, false],
    ["refuses a signature that is cut off", signature.slice(0, -8), false],
  ])("%s", async (_, signatures, expected) => {
    expect(await check(signatures)).toBe(expected);
  });

  test.each([[OTHER], ["whsec_"], ["whsec_***"], [""]])("refuses a signature when the secret is %j", async (secret) => {
    expect(await check(signature, secret)).toBe(false);
  });
});

describe("Attempt", () => {
  const end = (status: string) => JSON.stringify({ id: "p1", status });

  test("gives the end to a caller that waits, and stores none of it", async () => {
    const stub = env.ATTEMPTS.getByName(newName());
    const ended = stub.ended();
    await stub.settle(end("succeeded"));
    expect(await ended).toBe(end("succeeded"));
    expect(await runInDurableObject(stub, async (_, { storage }) => [...(await storage.list()).values()])).toEqual([
      "",
    ]);
  });

  test("gives a stored end to the first caller, and deletes it", async () => {
    const name = newName();
    const stub = env.ATTEMPTS.getByName(name);
    await stub.settle(end("failed"));
    expect(await stored(name)).toEqual({ end: end("failed") });
    expect(await stub.ended()).toBe(end("failed"));
    expect(await stored(name)).toEqual({ end: "" });
  });

  test("stores nothing after the end was delivered", async () => {
    const name = newName();
    const stub = env.ATTEMPTS.getByName(name);
    await stub.settle(end("failed"));
    await stub.ended();
    await stub.settle(end("succeeded"));
    expect(await stored(name)).toEqual({ end: "" });
  });

  test("deletes an end that nobody asked for after ten minutes", async () => {
    const name = newName();
    const stub = env.ATTEMPTS.getByName(name);
    await stub.settle(end("failed"));
    const [alarm, now] = [await runInDurableObject(stub, (_, { storage }) => storage.getAlarm()), Date.now()];
    expect((alarm ?? 0) - now).toBeGreaterThan(9 * 60_000);
    expect((alarm ?? 0) - now).toBeLessThanOrEqual(10 * 60_000);
    expect(await runDurableObjectAlarm(stub)).toBe(true);
    expect(await stored(name)).toEqual({});
  });

  test("gives the first end and stores none, for any order of ends and calls", async () => {
    const orders = fc.record({
      ends: fc.array(fc.constantFrom("succeeded", "failed", "canceled", "aborted"), { minLength: 1, maxLength: 5 }),
      askedBefore: fc.nat(),
    });
    await fc.assert(
      fc.asyncProperty(orders, async ({ ends, askedBefore }) => {
        const name = newName();
        const stub = env.ATTEMPTS.getByName(name);
        const ask = askedBefore % (ends.length + 1);
        let ended: Promise<string> | null = null;
        for (const [index, status] of ends.entries()) {
          if (index === ask) ended = stub.ended();
          await stub.settle(end(`${status} ${index}`));
        }
        ended ??= stub.ended();
        expect(await ended).toBe(end(`${ends[0]} 0`));
        expect(await stored(name)).toEqual({ end: "" });
      }),
      { numRuns: 40 },
    );
  });
});

describe("Attempts", () => {
  const open = () => {
    const name = newName();
    const bytes = Uint8Array.from(name.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
    return { name, attempt: new Attempts(env.ATTEMPTS, new URL(PUBLIC_URL), () => bytes).open() };
  };

  test("opens attempts with a callback URL each", () => {
    const { name, attempt } = open();
    expect(attempt.url).toBe(`${PUBLIC_URL}/hooks/replicate/${name}`);
  });

  test("resolves with the prediction when the callback arrives", async () => {
    const { name, attempt } = open();
    const ended = attempt.ended(unbound());
    await env.ATTEMPTS.getByName(name).settle(JSON.stringify(prediction));
    expect(await ended).toEqual(prediction);
  });

  test("resolves with null when the caller aborts, and stores no later end", async () => {
    const { name, attempt } = open();
    const leave = new AbortController();
    const ended = attempt.ended(leave.signal);
    // The object writes this mark when a caller waits.
    while (!("end" in (await stored(name))));
    leave.abort();
    expect(await ended).toBeNull();
    await env.ATTEMPTS.getByName(name).settle(JSON.stringify(prediction));
    expect(await stored(name)).toEqual({ end: "" });
  });

  test("resolves with null when the caller has aborted before", async () => {
    expect(await open().attempt.ended(AbortSignal.abort())).toBeNull();
  });

  test("resolves with null when the Durable Object breaks down", async () => {
    const { name, attempt } = open();
    const ended = attempt.ended(unbound());
    while (!("end" in (await stored(name))));
    await abortAllDurableObjects();
    expect(await ended).toBeNull();
    await env.ATTEMPTS.getByName(name).settle(JSON.stringify(prediction));
    expect(await stored(name)).toEqual({ end: "" });
  });
});
