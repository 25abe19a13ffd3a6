import { describe, expect, test } from "vitest";
import { BatchAnswer } from "../../../schemas/batches.ts";
import { LIMITS } from "../../../schemas/limits.ts";
import { Problem } from "../../../schemas/problem.ts";
import { BatchApp } from "../../support/batches/batch-app.ts";
import { blackPng } from "../../support/png.ts";

const POST = { text: "Eileen Collins" };
const read = async (response: Response) => BatchAnswer.parse(await response.json());
const problem = async (response: Response) => Problem.parse(await response.json());
const png = new Blob([(await blackPng(4, 3)) as Uint8Array<ArrayBuffer>], { type: "image/png" });

/** A form of lines, and of files by their names. */
function formOf(lines: readonly unknown[], files: Readonly<Record<string, Blob>>): FormData {
  const form = new FormData();
  form.set("posts", lines.map((line) => JSON.stringify(line)).join("\n"));
  for (const [name, file] of Object.entries(files)) form.set(name, file, `${name}.png`);
  return form;
}

describe("202", () => {
  test("with the address of the batch, and what it says of itself", async () => {
    const app = new BatchApp();
    const response = await app.post([POST, POST], "?max_concurrent=7");
    const answer = await read(response);
    expect(response.status).toBe(202);
    expect(response.headers.get("location")).toBe(answer.links.self);
    expect(answer).toEqual({
      id: response.headers.get("x-request-id"),
      state: "running",
      posts: 2,
      counts: { waiting: 2, running: 0, succeeded: 0, failed: 0, canceled: 0, expired: 0, invalid: 0 },
      max_concurrent: 7,
      cost_usd: "0",
      created_at: "2026-11-26T12:00:00.000Z",
      ended_at: null,
      expires_at: null,
      links: {
        self: `https://namesight.test/v1/batches/${answer.id}`,
        results: `https://namesight.test/v1/batches/${answer.id}/results`,
      },
      webhook: null,
    });
  });

  test("for lines with CR LF, empty lines, a byte order mark and no line break at the end", async () => {
    const app = new BatchApp();
    const line = JSON.stringify(POST);
    const answer = await read(await app.post(`\ufeff${line}\r\n\r\n${line}\n  \n${line}`));
    expect(answer.counts).toMatchObject({ waiting: 3, invalid: 0 });
  });

  test("for a form: a line names its file by the name of the part, and an https address stays one", async () => {
    const app = new BatchApp();
    const lines = [
      { ...POST, image: "cat" },
      { ...POST, image: "https://example.com/a.jpg" },
      { ...POST, image: "dog" },
      { ...POST, image: "cat" },
    ];
    const body = formOf(lines, { cat: png, spoiled: new Blob(["no picture"]) });
    const answer = await read(await app.fetch("/v1/batches", { method: "POST", body }));
    expect(answer.counts).toMatchObject({ waiting: 3, invalid: 1 });
    expect([...app.pictures.keys()]).toEqual([`${answer.id}-1`, `${answer.id}-4`]);
    expect(app.pictures.get(`${answer.id}-1`)).toMatchObject({ type: "image/png", size: { width: 4, height: 3 } });
    await app.at(answer.id).ring();
    expect([...app.jobs.jobs.values()].map(({ order }) => order.image)).toEqual([
      { kind: "stored" },
      { kind: "address", url: "https://example.com/a.jpg" },
      { kind: "stored" },
    ]);
  });

  test("with a secret for the webhook, which no later answer shows", async () => {
    const app = new BatchApp();
    const answer = await read(await app.post([POST], "?webhook_url=https://example.com/told"));
    expect(answer.webhook).toEqual({ url: "https://example.com/told", secret: expect.stringMatching(/^whsec_.{44}$/) });
    const later = await read(await app.fetch(`/v1/batches/${answer.id}`));
    expect(later.webhook).toEqual({ url: "https://example.com/told", secret: null });
  });

  test("although no line is valid: the batch has ended", async () => {
    const app = new BatchApp();
    const answer = await read(await app.post("{\n[]\n1"));
    expect(answer).toMatchObject({ state: "ended", counts: { invalid: 3 }, ended_at: "2026-11-26T12:00:00.000Z" });
  });
});

test.each<[string, unknown, string, Partial<Problem>]>([
  ["JSON that is cut off", '{"text": "a', "invalid_json", {}],
  ["a field that there is not", { text: "a", txt: "b" }, "invalid_request", { errors: [{ pointer: "/txt" } as never] }],
  ["a wrong value", { text: "a", task: "all" }, "invalid_request", { errors: [{ pointer: "/task" } as never] }],
  ["a webhook of its own", { text: "a", webhook: { url: "https://example.com/" } }, "invalid_request", {}],
  ["an id that is no string", { text: "a", id: 7 }, "invalid_request", { errors: [{ pointer: "/id" } as never] }],
  ["a span outside its text", { text: "a", entities: [{ start: 0, end: 9, type: "PER" }] }, "invalid_request", {}],
  ["a picture inside JSON", { text: "a", image: "data:image/png;base64,AAAA" }, "invalid_request", {}],
  ["an address that is not https", { text: "a", image: "http://example.com/a.jpg" }, "invalid_request", {}],
  ["a line that is too long", { text: "a".repeat(LIMITS.batchLineLength) }, "invalid_request", {}],
])("a line with %s is invalid, and the others run", async (_, line, code, facts) => {
  const app = new BatchApp();
  const bad = typeof line === "string" ? line : JSON.stringify(line);
  const { id, counts } = await read(await app.post(`${JSON.stringify(POST)}\n${bad}`));
  expect(counts).toMatchObject({ waiting: 1, invalid: 1 });
  const [result] = (await (await app.fetch(`/v1/batches/${id}/results`)).text()).trim().split("\n");
  expect(JSON.parse(result ?? "")).toMatchObject({ line: 2, state: "invalid", problem: { code, ...facts } });
});

test.each<[string, string, RequestInit & { body: string }, number, string]>([
  ["an empty body", "", { body: "" }, 422, "invalid_request"],
  ["empty lines alone", "", { body: "\n \n" }, 422, "invalid_request"],
  ["too many lines", "", { body: "{}\n".repeat(LIMITS.batchPosts + 1) }, 422, "invalid_request"],
  [
    "JSON that is not in lines",
    "",
    { body: "{}", headers: { "content-type": "application/json" } },
    415,
    "unsupported_media_type",
  ],
  ["a compressed body", "", { body: "{}", headers: { "content-encoding": "gzip" } }, 415, "unsupported_media_type"],
  ["too many at a time", "?max_concurrent=51", { body: "{}" }, 422, "invalid_request"],
  ["none at a time", "?max_concurrent=0", { body: "{}" }, 422, "invalid_request"],
  ["a parameter that there is not", "?concurrency=5", { body: "{}" }, 422, "invalid_request"],
  ["a deadline that is too long", "?deadline_ms=900001", { body: "{}" }, 422, "invalid_request"],
  ["a private webhook", "?webhook_url=https://127.0.0.1/", { body: "{}" }, 422, "invalid_request"],
  ["a webhook that is not https", "?webhook_url=http://example.com/", { body: "{}" }, 422, "invalid_request"],
])("%s is refused", async (_, query, init, status, code) => {
  const app = new BatchApp();
  const headers = { "content-type": "application/x-ndjson", ...(init.headers as Record<string, string>) };
  const response = await app.fetch(`/v1/batches${query}`, { method: "POST", ...init, headers });
  expect([response.status, (await problem(response)).code]).toEqual([status, code]);
  expect(app.batches.size).toBe(0);
});

test.each([
  ["{}\n".repeat(LIMITS.batchPosts + 1), "has 1001 lines; at most 1000 posts", 1_000, 1_001],
  ["\n \n", "has no line with a post", 1, 0],
])("too many lines, and none, are refused with their number and the limit (%#)", async (body, detail, limit, value) => {
  const response = await new BatchApp().post(body);
  expect((await problem(response)).errors).toEqual([{ pointer: "", detail, limit, value }]);
});

test.each([
  ["http://example.com/hook", { detail: "is not https", limit: "https", value: "http://example.com" }],
  [
    "https://example.com:8443/hook",
    { detail: "names a port other than 443", limit: 443, value: "https://example.com:8443" },
  ],
])("a webhook at %s is refused with what would be allowed, and what was sent", async (url, error) => {
  const response = await new BatchApp().post([POST], `?webhook_url=${encodeURIComponent(url)}`);
  expect((await problem(response)).errors).toEqual([{ pointer: "/webhook_url", ...error }]);
});

test("bytes that are not UTF-8 are refused, and so is a form without its lines, or with two files of one name", async () => {
  const app = new BatchApp();
  const headers = { "content-type": "application/jsonl" };
  const spoiled = await app.fetch("/v1/batches", { method: "POST", headers, body: new Uint8Array([123, 255, 125]) });
  expect([spoiled.status, (await problem(spoiled)).code]).toEqual([400, "invalid_json"]);
  const form = new FormData();
  form.append("cat", png);
  const without = await app.fetch("/v1/batches", { method: "POST", body: form });
  expect((await problem(without)).errors).toMatchObject([{ pointer: "/posts" }]);
  form.append("cat", png);
  const twice = await app.fetch("/v1/batches", { method: "POST", body: form });
  expect((await problem(twice)).errors).toMatchObject([{ pointer: "/cat" }]);
});

describe("Idempotency-Key", () => {
  const KEY = { "idempotency-key": "one" };

  test("a repeat gets the same batch, also by a form with another boundary, and stores nothing again", async () => {
    const app = new BatchApp();
    const lines = [{ ...POST, image: "cat" }];
    const send = () => app.fetch("/v1/batches", { method: "POST", headers: KEY, body: formOf(lines, { cat: png }) });
    const first = await read(await send());
    await app.settled();
    app.pictures.clear();
    const again = await send();
    expect(again.headers.get("idempotent-replayed")).toBe("true");
    expect([again.status, (await read(again)).id]).toEqual([202, first.id]);
    expect([app.batches.size, app.pictures.size]).toEqual([1, 0]);
    expect(first.id).toMatch(/^req_[0-9A-HJKMNP-TV-Z]{26}$/);
  });

  test("another body, other files or parameters under it are refused where keys tell callers apart", async () => {
    const app = new BatchApp({ access: "keys" });
    const headers = { ...KEY, authorization: `Bearer ${await app.key()}` };
    const { id } = await read(await app.post([POST], "", headers));
    for (const response of [
      await app.post([POST, POST], "", headers),
      await app.post([POST], "?max_concurrent=6", headers),
    ]) {
      expect(response.status).toBe(422);
      expect(await problem(response)).toMatchObject({ code: "idempotency_key_reused", first_request_id: id });
    }
  });

  test("where nobody has a key, other posts, files or parameters under it are another batch, and no id is told", async () => {
    const app = new BatchApp();
    const file = (color: string) => formOf([{ ...POST, image: "cat" }], { cat: new Blob([color]) });
    const ids = [];
    for (const send of [
      () => app.post([POST], "", KEY),
      () => app.post([POST, POST], "", KEY),
      () => app.post([POST], "?max_concurrent=6", KEY),
      () => app.post([POST], "", { "idempotency-key": "two" }),
      () => app.fetch("/v1/batches", { method: "POST", headers: KEY, body: file("black") }),
      () => app.fetch("/v1/batches", { method: "POST", headers: KEY, body: file("white") }),
    ]) {
      const [first, again] = [await send(), await send()];
      expect([first.headers.get("idempotent-replayed"), again.headers.get("idempotent-replayed")]).toEqual([
        null,
        "true",
      ]);
      const { id } = await read(first);
      expect((await read(again)).id).toBe(id);
      ids.push(id);
    }
    expect(new Set(ids).size).toBe(6);
  });

  test("that of another account is another one", async () => {
    const app = new BatchApp({ access: "keys" });
    const ids = [];
    for (const account of ["newsroom", "archive"]) {
      const response = await app.post([POST], "", { ...KEY, authorization: `Bearer ${await app.key(account)}` });
      ids.push((await read(response)).id);
    }
    expect(new Set(ids).size).toBe(2);
  });
});

test("where keys are asked for: 401 without one, and 403 for a test key without embedded models", async () => {
  const app = new BatchApp({ access: "keys" });
  const without = await app.post([POST]);
  expect([without.status, (await problem(without)).code]).toEqual([401, "key_missing"]);
  const { text } = await app.keys.make("newsroom", "test", (length) => new Uint8Array(length));
  const test = await app.post([POST], "", { authorization: `Bearer ${text}` });
  expect((await problem(test)).code).toBe("test_keys_not_available");
  const live = (await app.keys.make("newsroom", "live", (length) => new Uint8Array(length))).text;
  const { id } = await read(await app.post([POST], "", { authorization: `Bearer ${live}` }));
  await app.at(id).ring();
  expect([...app.jobs.jobs.values()][0]?.order).toMatchObject({ account: "newsroom", payer: { kind: "asks" } });
});
