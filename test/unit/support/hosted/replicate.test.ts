import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import Replicate, { validateWebhook } from "replicate";
import { describe, expect, test } from "vitest";
import { hostForTests } from "../../../support/hosted/for-tests.ts";
import type { HostScript, HostSession } from "../../../support/hosted/script.ts";

const VERSION = "a".repeat(64);
const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const NOW = 1_795_392_000;
const model = "owner/name";
const replies = { [`replicate ${VERSION}`]: [["first"], ["second"]], [`replicate ${model}`]: ["words"] };
const open = hostForTests();

/** The vendor's client, unmodified. */
async function start(script: HostScript = { replies }): Promise<{ client: Replicate; session: HostSession }> {
  const session = await open(script);
  return {
    session,
    client: new Replicate({ auth: "t0ken", baseUrl: session.at("replicate/v1"), useFileOutput: false }),
  };
}

describe("the vendor's client", () => {
  test("runs a model in block mode, by version and by name", async () => {
    const { client, session } = await start();
    expect(await client.run(`${model}:${VERSION}`, { input: { a: 1 } })).toEqual(["first"]);
    expect(await client.run(model, { input: {}, wait: { mode: "block", timeout: 3 } })).toBe("words");
    const [versioned, named] = await session.calls();
    expect(versioned).toMatchObject({
      path: "/replicate/v1/predictions",
      body: { version: VERSION, input: { a: 1 } },
      headers: { prefer: "wait" },
    });
    expect(named).toMatchObject({ path: "/replicate/v1/models/owner/name/predictions", headers: { prefer: "wait=3" } });
  });

  test("runs a model in poll mode", async () => {
    const { client, session } = await start({
      replies,
      faults: { "replicate.get": [{ kind: "prediction", status: "processing" }] },
    });
    const seen: string[] = [];
    const wait = { mode: "poll", interval: 1 } as const;
    expect(await client.run(`${model}:${VERSION}`, { input: {}, wait }, ({ status }) => seen.push(status))).toEqual([
      "first",
    ]);
    expect(seen[0]).toBe("starting");
    expect(seen.at(-1)).toBe("succeeded");
    expect((await session.calls("replicate.get")).length).toBeGreaterThanOrEqual(2);
  });

  test("creates, gets and cancels predictions, and an ended one stays as it is", async () => {
    const { client } = await start();
    const created = await client.predictions.create({ version: VERSION, input: {} });
    expect(created).toMatchObject({
      status: "starting",
      output: null,
      data_removed: false,
      error: null,
      urls: { get: expect.any(String) },
    });
    expect(await client.predictions.cancel(created.id)).toMatchObject({ status: "canceled" });
    expect(await client.predictions.get(created.id)).toMatchObject({ status: "canceled", output: null });
    const done = await client.predictions.create({ version: VERSION, input: {}, wait: true });
    expect(await client.predictions.cancel(done.id)).toMatchObject({ status: "succeeded", output: ["second"] });
  });

  test("lists predictions and follows pages by their absolute addresses", async () => {
    const { client } = await start({ replies, pageSize: 2 });
    for (let count = 0; count < 5; count++) await client.predictions.create({ version: VERSION, input: { count } });
    const first = await client.predictions.list();
    expect(first).toMatchObject({ previous: null, next: expect.stringMatching(/^http.*\?cursor=/) });
    expect(first.results[0]).toMatchObject({
      id: "p5",
      model: "owner/name",
      version: VERSION,
      input: { count: 4 },
      status: "succeeded",
      source: "api",
      created_at: "2026-11-24T12:00:00.000Z",
      data_removed: false,
    });
    const pages: number[] = [];
    for await (const page of client.paginate(client.predictions.list)) pages.push(page.length);
    expect(pages).toEqual([2, 2, 1]);
  });

  test("creates a prediction of a deployment", async () => {
    const { client, session } = await start();
    const created = await client.deployments.predictions.create("owner", "name", { input: {}, wait: true });
    expect(created).toMatchObject({ status: "succeeded", output: "words", deployment: "owner/name" });
    expect((await session.calls())[0]?.path).toBe("/replicate/v1/deployments/owner/name/predictions");
  });

  test("creates, gets, lists and deletes files", async () => {
    const { client } = await start();
    const file = await client.files.create(new Blob(["hello"], { type: "text/plain" }), { of: "a test" });
    const sha256 = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
    expect(file).toMatchObject({
      size: 5,
      content_type: "text/plain",
      metadata: { of: "a test" },
      checksums: { sha256 },
    });
    expect(await client.files.get(file.id)).toEqual(file);
    expect(await client.files.list()).toMatchObject({ results: [file] });
    expect(await client.files.delete(file.id)).toBe(true);
    await expect(client.files.get(file.id)).rejects.toThrow("404");
  });

  test("gets models and versions with their schemas, and no list of an official model's versions", async () => {
    const openapi_schema = { components: { schemas: { Input: { properties: { image: {} }, required: ["image"] } } } };
    const { client } = await start({
      replies,
      models: {
        "owner/name": { versions: [{ id: VERSION, openapi_schema }] },
        "vendor/official": { official: true, versions: [] },
      },
    });
    expect(await client.models.get("owner", "name")).toMatchObject({
      owner: "owner",
      latest_version: { id: VERSION, openapi_schema },
    });
    expect(await client.models.versions.get("owner", "name", VERSION)).toMatchObject({ id: VERSION, openapi_schema });
    await expect(client.models.versions.list("vendor", "official")).rejects.toThrow("404");
    await expect(client.predictions.create({ version: VERSION, input: {} })).rejects.toThrow("image is required");
    const dropped = await client.predictions.create({ version: VERSION, input: { image: "x", bx: [1] } });
    expect(dropped.input).toEqual({ image: "x" });
  });

  test("gets the webhooks' secret and accepts what the server signs", async () => {
    const { client, session } = await start({ replies, webhooks: { secret: SECRET, now: NOW } });
    expect(await client.webhooks.default.secret.get()).toEqual({ key: SECRET });
    await client.predictions.create({
      version: VERSION,
      input: {},
      webhook: "https://namesight.test/hook",
      webhook_events_filter: ["completed"],
    });
    const [message, ...more] = await session.deliveries();
    expect(more).toEqual([]);
    const { headers = {}, body = "" } = message ?? {};
    const signed = {
      id: headers["webhook-id"] ?? "",
      timestamp: headers["webhook-timestamp"] ?? "",
      signature: headers["webhook-signature"] ?? "",
    };
    expect(await validateWebhook({ ...signed, body, secret: SECRET })).toBe(true);
    expect(await validateWebhook({ ...signed, body: `${body} `, secret: SECRET })).toBe(false);
  });
});

describe("a callback", () => {
  test.each([
    ["once", undefined, ["succeeded"]],
    [
      "twice, with the same id",
      [
        { tells: "end", id: "m1" },
        { tells: "end", id: "m1" },
      ],
      ["succeeded", "succeeded"],
    ],
    ["in another order", [{ tells: "end" }, { tells: "processing" }], ["succeeded", "processing"]],
  ] as const)("is delivered %s when the script says so", async (_, deliveries, statuses) => {
    const { client, session } = await start({
      replies,
      webhooks: { secret: SECRET, now: NOW, ...(deliveries ? { deliveries } : {}) },
    });
    const received: { status: string; id: string }[] = [];
    let over = () => {};
    const all = new Promise<void>((resolve) => {
      over = resolve;
    });
    const receiver = createServer(async (request, response) => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part as Buffer);
      const { status } = JSON.parse(Buffer.concat(parts).toString()) as { status: string };
      received.push({ status, id: String(request.headers["webhook-id"]) });
      response.writeHead(204).end();
      if (received.length === statuses.length) over();
    });
    await new Promise<void>((listening) => receiver.listen(0, "127.0.0.1", listening));
    const webhook = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
    await client.predictions.create({ version: VERSION, input: {}, webhook });
    await all;
    receiver.closeAllConnections();
    receiver.close();
    expect(received.map(({ status }) => status)).toEqual(statuses);
    expect(received.map(({ id }) => id)).toEqual(
      (await session.deliveries()).map(({ headers }) => headers["webhook-id"]),
    );
    expect(new Set(received.map(({ id }) => id)).size).toBe(
      deliveries?.[0] && "id" in deliveries[0] ? 1 : received.length,
    );
  });

  test("has a wrong signature when it is forged, and an old timestamp when it is old", async () => {
    const deliveries = [
      { tells: "end", forged: true },
      { tells: "end", age: 301 },
    ] as const;
    const { client, session } = await start({ replies, webhooks: { secret: SECRET, now: NOW, deliveries } });
    await client.predictions.create({ version: VERSION, input: {}, webhook: "https://namesight.test/hook" });
    const [forged, old] = await session.deliveries();
    expect(
      await validateWebhook(
        new Request("https://namesight.test", {
          method: "POST",
          headers: forged?.headers ?? {},
          body: forged?.body ?? "",
        }),
        SECRET,
      ),
    ).toBe(false);
    expect(Number(old?.headers["webhook-timestamp"])).toBe(NOW - 301);
  });

  test("is delivered only for events that the filter names", async () => {
    const deliveries = [{ tells: "starting" }, { tells: "end" }] as const;
    const { client, session } = await start({ replies, webhooks: { secret: SECRET, now: NOW, deliveries } });
    const webhook = "https://namesight.test/hook";
    await client.predictions.create({ version: VERSION, input: {}, webhook, webhook_events_filter: ["completed"] });
    expect((await session.deliveries()).map(({ body }) => (JSON.parse(body) as { status: string }).status)).toEqual([
      "succeeded",
    ]);
  });
});

/** docs/reference/hosted-models.md, "Replicate". */
describe("creating a prediction", () => {
  const post = async (body: unknown, headers: Record<string, string> = {}) => {
    const session = await open({ replies });
    return fetch(session.at("replicate/v1/predictions"), {
      method: "POST",
      headers: { authorization: "Bearer t0ken", "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
    });
  };
  const good = { version: VERSION, input: {} };

  test.each([
    ["has an unknown field", { ...good, fields: 1 }, {}],
    ["has no input", { version: VERSION }, {}],
    ["has no version", { input: {} }, {}],
    ["has a short version", { ...good, version: "aaaa" }, {}],
    ["has an unknown version", { ...good, version: "b".repeat(64) }, {}],
    ["has a callback over http", { ...good, webhook: "http://namesight.test/" }, {}],
    ["has an unknown event", { ...good, webhook_events_filter: ["ended"] }, {}],
    ["waits more than a minute", good, { prefer: "wait=61" }],
    ["has a Cancel-After below five seconds", good, { "cancel-after": "4s" }],
  ])("is a 422 with a problem document when the request %s", async (_, body, headers) => {
    const response = await post(body, headers);
    expect(response.status).toBe(422);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(await response.json()).toHaveProperty("detail");
  });

  test("is a 401 when there is no token", async () => {
    expect((await post(good, { authorization: "" })).status).toBe(401);
  });

  test("is a 202 without an output when the wait runs out, and a get shows the end", async () => {
    const session = await open({
      replies,
      faults: { "replicate.create": [{ kind: "prediction", status: "processing" }] },
    });
    const headers = { authorization: "Bearer t0ken", prefer: "wait=1", "cancel-after": "1m30s" };
    const created = await fetch(session.at("replicate/v1/predictions"), {
      method: "POST",
      headers,
      body: JSON.stringify(good),
    });
    expect(created.status).toBe(202);
    expect(await created.json()).toMatchObject({ status: "processing", output: null });
    const got = await fetch(created.headers.get("location") ?? "", { headers });
    expect(await got.json()).toMatchObject({ status: "succeeded", output: ["first"] });
  });
});

/** docs/reference/hosted-models.md, "Replicate": why every call of the client gets our fetch. */
describe("the vendor's client's defects", () => {
  const again = { headers: { "retry-after": "30" }, status: 429, kind: "status" } as const;

  test("include six requests for one that gets 429, whatever Retry-After says", async () => {
    const { client, session } = await start({ replies, faults: { "replicate.create": Array(10).fill(again) } });
    await expect(client.predictions.create({ version: VERSION, input: {} })).rejects.toThrow("429");
    expect(await session.calls("replicate.create")).toHaveLength(6);
  });

  test("include six creates, each of which may be charged, for one whose connection breaks", async () => {
    const { client, session } = await start({
      replies,
      faults: { "replicate.create": Array(10).fill({ kind: "reset" }) },
    });
    await expect(client.predictions.create({ version: VERSION, input: {} })).rejects.toThrow();
    expect(await session.calls("replicate.create")).toHaveLength(6);
  });

  test("include null as the output of a running and of a canceled prediction", async () => {
    const { client } = await start({
      replies,
      faults: {
        "replicate.create": [
          { kind: "prediction", status: "processing" },
          { kind: "prediction", status: "canceled" },
        ],
      },
    });
    expect(await client.run(`${model}:${VERSION}`, { input: {} })).toBeNull();
    expect(await client.run(`${model}:${VERSION}`, { input: {} })).toBeNull();
  });

  test("include the client itself, with its token, as the input with the data-URL strategy", async () => {
    const session = await open({ replies });
    const client = new Replicate({
      auth: "t0ken",
      baseUrl: session.at("replicate/v1"),
      fileEncodingStrategy: "data-uri",
    });
    await client.predictions.create({ version: VERSION, input: { image: new Blob(["x"]) } });
    expect((await session.calls())[0]?.body).toMatchObject({ input: { auth: "t0ken" } });
  });

  test("include a check of signatures that ignores the timestamp", async () => {
    const { client, session } = await start({ replies, webhooks: { secret: SECRET, now: 1 } });
    await client.predictions.create({ version: VERSION, input: {}, webhook: "https://namesight.test/hook" });
    const [message] = await session.deliveries();
    const request = new Request("https://namesight.test", {
      method: "POST",
      headers: message?.headers ?? {},
      body: message?.body ?? "",
    });
    expect(await validateWebhook(request, SECRET)).toBe(true);
  });
});
