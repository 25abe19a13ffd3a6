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
/** The name of an attempt that no other test has. */
const newName = () => (++attempts).toString(16).padStart(32, "0");

/** What an attempt's object has in storage. */
const kept = (name: string) =>
  runInDurableObject(env.ATTEMPTS.getByName(name), async (_, { storage }) => Object.fromEntries(await storage.list()));

const prediction = {
  id: "p1",
  status: "succeeded",
  input: { image: "https://namesight.test/p", text: "the post" },
  output: ["words"],
  logs: "",
};

/** A message to the hook of an attempt, changed on its way. */
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

describe("204", () => {
  test("an end is kept until somebody asks for it, without the post", async () => {
    const name = newName();
    expect((await tell(name)).status).toBe(204);
    const { input: _, logs: __, ...told } = prediction;
    expect(JSON.parse(String((await kept(name)).end))).toEqual(told);
  });

  test("what comes again changes nothing", async () => {
    const name = newName();
    await tell(name);
    const before = await kept(name);
    expect((await tell(name)).status).toBe(204);
    expect((await tell(name, { body: JSON.stringify({ ...prediction, status: "failed" }) })).status).toBe(204);
    expect(await kept(name)).toEqual(before);
  });

  test.each([["starting"], ["processing"], ["resting"]])(
    "a prediction that is %s is answered, and ignored",
    async (status) => {
      const name = newName();
      expect((await tell(name, { body: JSON.stringify({ ...prediction, status, output: null }) })).status).toBe(204);
      expect(await kept(name)).toEqual({});
    },
  );

  test.each([["text"], ["{}"], ["[]"], ["null"]])("so is the body %s", async (body) => {
    const name = newName();
    expect((await tell(name, { body })).status).toBe(204);
    expect(await kept(name)).toEqual({});
  });

  test.each([["succeeded"], ["failed"], ["canceled"], ["aborted"]])(
    "%s is an end, whatever its error is",
    async (status) => {
      const name = newName();
      await tell(name, { body: JSON.stringify({ id: "p1", status, error: { code: 1 } }) });
      expect(JSON.parse(String((await kept(name)).end))).toMatchObject({ id: "p1", status });
    },
  );

  test("of an end too long to keep only that it ended is told", async () => {
    const name = newName();
    expect((await tell(name, { body: JSON.stringify({ ...prediction, output: "x".repeat(600_000) }) })).status).toBe(
      204,
    );
    expect(await kept(name)).toEqual({ end: "null" });
  });

  test.each([[300], [-300]])("a message of %i seconds is within the window", async (age) => {
    expect((await tell(newName(), { age })).status).toBe(204);
  });
});

describe("403", () => {
  test.each([
    ["signed by somebody else", { secret: OTHER }],
    ["older than five minutes", { age: 301 }],
    ["from the future", { age: -301 }],
    ["without an id", { headers: { "webhook-id": null } }],
    ["with another id", { headers: { "webhook-id": "msg_2" } }],
    ["without a time", { headers: { "webhook-timestamp": null } }],
    ["with a newer time than it was signed with", { age: 301, headers: { "webhook-timestamp": String(NOW) } }],
    ["with a time that is none", { headers: { "webhook-timestamp": "now" } }],
    ["without a signature", { headers: { "webhook-signature": null } }],
    ["with an empty signature", { headers: { "webhook-signature": "v1," } }],
    ["with a signature that is no base64", { headers: { "webhook-signature": "v1,***" } }],
  ])("%s, and nothing is kept", async (_, change) => {
    const name = newName();
    const response = await tell(name, change);
    expect(response.status).toBe(403);
    expect((await readProblem(response)).code).toBe("signature_invalid");
    expect(await kept(name)).toEqual({});
  });

  test("a body that was changed", async () => {
    const headers = { ...(await sign(SECRET, "msg_1", NOW, "{}")) };
    expect((await tell(newName(), { headers })).status).toBe(403);
  });
});

describe("404", () => {
  test.each([["0".repeat(31)], ["0".repeat(33)], ["A".repeat(32)], ["-".repeat(32)]])(
    "the attempt %s cannot be",
    async (name) => {
      const response = await tell(name);
      expect([response.status, (await readProblem(response)).code]).toEqual([404, "not_found"]);
    },
  );

  test.each([
    ["no secret", { PUBLIC_URL, REPLICATE_WEBHOOK_SECRET: "" }],
    ["no public address", { ...DEPLOYED, PUBLIC_URL: "" }],
    ["an address of this machine", { ...DEPLOYED, PUBLIC_URL: "https://127.0.0.1:8787" }],
    ["an address without TLS", { ...DEPLOYED, PUBLIC_URL: "http://api.namesight.test" }],
  ])("a deployment with %s is not called back", async (_, variables) => {
    expect((await tell(newName(), { variables })).status).toBe(404);
  });
});

test("405: the hook is not read", async () => {
  expect((await tell(newName(), { method: "GET" })).status).toBe(405);
});

test("413: a body past the limit is not read on", async () => {
  const response = await tell(newName(), { body: " ".repeat(LIMITS.bodyBytes + 1) });
  expect([response.status, (await readProblem(response)).code]).toEqual([413, "body_too_large"]);
});

describe("a signature (Standard Webhooks 1.0)", () => {
  // hosted-apis section 1.5.
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

  test.each(VECTORS)("of the published vector %s holds", async (vectorId, time, text, signed) => {
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
    ["behind one that does not hold, as while a key is changed", `${wrong} ${signature}`, true],
    ["before one of another version", `${signature} v1a,abc`, true],
    ["of another version alone", signature.replace("v1,", "v2,"), false],
    ["of an asymmetric version alone", signature.replace("v1,", "v1a,"), false],
    ["without a version", signature.slice(3), false],
    ["that does not hold", wrong, false],
    ["cut short", signature.slice(0, -8), false],
  ])("%s", async (_, signatures, expected) => {
    expect(await check(signatures)).toBe(expected);
  });

  test.each([[OTHER], ["whsec_"], ["whsec_***"], [""]])("does not hold under the secret %j", async (secret) => {
    expect(await check(signature, secret)).toBe(false);
  });
});

describe("an attempt", () => {
  const end = (status: string) => JSON.stringify({ id: "p1", status });

  test("that is waited for tells its end to whoever waits, and keeps none of it", async () => {
    const stub = env.ATTEMPTS.getByName(newName());
    const told = stub.ended();
    await stub.settle(end("succeeded"));
    expect(await told).toBe(end("succeeded"));
    expect(await runInDurableObject(stub, async (_, { storage }) => [...(await storage.list()).values()])).toEqual([
      "",
    ]);
  });

  test("that ended before tells it to who asks first, and keeps none of it then", async () => {
    const name = newName();
    const stub = env.ATTEMPTS.getByName(name);
    await stub.settle(end("failed"));
    expect(await kept(name)).toEqual({ end: end("failed") });
    expect(await stub.ended()).toBe(end("failed"));
    expect(await kept(name)).toEqual({ end: "" });
  });

  test("that was handed over keeps nothing that comes later", async () => {
    const name = newName();
    const stub = env.ATTEMPTS.getByName(name);
    await stub.settle(end("failed"));
    await stub.ended();
    await stub.settle(end("succeeded"));
    expect(await kept(name)).toEqual({ end: "" });
  });

  test("that nobody asks about any more is empty after its alarm", async () => {
    const name = newName();
    const stub = env.ATTEMPTS.getByName(name);
    await stub.settle(end("failed"));
    const [alarm, now] = [await runInDurableObject(stub, (_, { storage }) => storage.getAlarm()), Date.now()];
    expect((alarm ?? 0) - now).toBeGreaterThan(9 * 60_000);
    expect((alarm ?? 0) - now).toBeLessThanOrEqual(10 * 60_000);
    expect(await runDurableObjectAlarm(stub)).toBe(true);
    expect(await kept(name)).toEqual({});
  });

  test("in any order of ends and asking: the first end is the end, and none stays", async () => {
    const orders = fc.record({
      ends: fc.array(fc.constantFrom("succeeded", "failed", "canceled", "aborted"), { minLength: 1, maxLength: 5 }),
      askedBefore: fc.nat(),
    });
    await fc.assert(
      fc.asyncProperty(orders, async ({ ends, askedBefore }) => {
        const name = newName();
        const stub = env.ATTEMPTS.getByName(name);
        const ask = askedBefore % (ends.length + 1);
        let told: Promise<string> | null = null;
        for (const [index, status] of ends.entries()) {
          if (index === ask) told = stub.ended();
          await stub.settle(end(`${status} ${index}`));
        }
        told ??= stub.ended();
        expect(await told).toBe(end(`${ends[0]} 0`));
        expect(await kept(name)).toEqual({ end: "" });
      }),
      { numRuns: 40 },
    );
  });
});

describe("who waits for an attempt", () => {
  const open = () => {
    const name = newName();
    const bytes = Uint8Array.from(name.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
    return { name, attempt: new Attempts(env.ATTEMPTS, new URL(PUBLIC_URL), () => bytes).open() };
  };

  test("has an address of its own", () => {
    const { name, attempt } = open();
    expect(attempt.url).toBe(`${PUBLIC_URL}/hooks/replicate/${name}`);
  });

  test("is told of the end", async () => {
    const { name, attempt } = open();
    const told = attempt.ended(unbound());
    await env.ATTEMPTS.getByName(name).settle(JSON.stringify(prediction));
    expect(await told).toEqual(prediction);
  });

  test("and leaves is told nothing, and nothing is kept for it", async () => {
    const { name, attempt } = open();
    const leave = new AbortController();
    const told = attempt.ended(leave.signal);
    // Whoever waits has arrived once its mark is there.
    while (!("end" in (await kept(name))));
    leave.abort();
    expect(await told).toBeNull();
    await env.ATTEMPTS.getByName(name).settle(JSON.stringify(prediction));
    expect(await kept(name)).toEqual({ end: "" });
  });

  test("has left before is told nothing", async () => {
    expect(await open().attempt.ended(AbortSignal.abort())).toBeNull();
  });

  test("while its object breaks down is told nothing, and asks the vendor", async () => {
    const { name, attempt } = open();
    const told = attempt.ended(unbound());
    while (!("end" in (await kept(name))));
    await abortAllDurableObjects();
    expect(await told).toBeNull();
    await env.ATTEMPTS.getByName(name).settle(JSON.stringify(prediction));
    expect(await kept(name)).toEqual({ end: "" });
  });
});
