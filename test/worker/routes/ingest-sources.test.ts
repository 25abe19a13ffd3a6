import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { LIMITS } from "../../../schemas/limits.ts";
import { NewSourceAnswer, SourceFacts, SourcesAnswer } from "../../../schemas/sources.ts";
import { newAccount } from "../accounts/test-accounts.ts";
import { NOON, readProblem } from "../harness.ts";
import { MASTODON, startIngest } from "../ingest-harness.ts";

const ROUTES = [
  ["POST", "/operator/sources", MASTODON],
  ["GET", "/operator/sources", undefined],
  ["GET", `/operator/sources/src_${"0".repeat(24)}`, undefined],
  ["DELETE", `/operator/sources/src_${"0".repeat(24)}`, undefined],
  ["POST", `/operator/sources/src_${"0".repeat(24)}/rotate`, {}],
] as const;

describe.each([["open"], ["keys"]])("with ACCESS=%s", (ACCESS) => {
  test.each(ROUTES)("%s %s needs the operator's token", async (method, path, body) => {
    const { operate } = startIngest({}, { ACCESS });
    for (const [token, code] of [
      [null, "key_missing"],
      ["another-token", "key_invalid"],
      [env.OPERATOR_TOKEN.slice(1), "key_invalid"],
    ] as const) {
      expect(await readProblem(await operate(method, path, body, token))).toMatchObject({ status: 401, code });
    }
  });

  test.each(ROUTES)("%s %s is counted by address", async (method, path, body) => {
    const asked: string[] = [];
    const limit = async ({ key }: { key: string }) => ({ success: asked.push(key) === 0 });
    const { operate } = startIngest({}, { ACCESS, ADDRESS_RATE: { limit } });
    expect(await readProblem(await operate(method, path, body))).toMatchObject({ status: 429, code: "rate_limited" });
    expect(asked).toHaveLength(1);
  });
});

test("404 where an open deployment has no operator's token", async () => {
  const { operate } = startIngest({}, { ACCESS: "open", OPERATOR_TOKEN: "" });
  expect((await readProblem(await operate("GET", "/operator/sources", undefined, ""))).code).toBe("not_found");
  expect((await readProblem(await operate("GET", "/operator/sources", undefined, "x"))).code).toBe("not_found");
});

test("a source is added, shown, listed and deleted, and its secrets are shown once", async () => {
  const { operate, add, lines } = startIngest();
  const made = await add({ ...MASTODON, secret: undefined, reply: { url: "https://newsroom.example.org/x" } });
  expect(made).toMatchObject({
    name: MASTODON.name,
    account: null,
    url: `${new URL(env.PUBLIC_URL).origin}/hooks/ingest/${made.id}`,
    defaults: { task: "smner", labels: "gmner" },
    secrets: [{ created_at: new Date(NOON).toISOString(), expires_at: null }],
  });
  expect(made.secret).toMatch(/^[0-9a-f]{64}$/);
  expect(made.reply_secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);

  const { secret, reply_secret, ...facts } = made;
  const got = await operate("GET", `/operator/sources/${made.id}`);
  const listed = await operate("GET", "/operator/sources");
  const texts = [await got.text(), await listed.text(), JSON.stringify(lines)];
  expect(JSON.parse(texts[0] ?? "")).toEqual(facts);
  expect(SourcesAnswer.parse(JSON.parse(texts[1] ?? ""))).toEqual({ sources: [facts], next_cursor: null });
  for (const text of texts) {
    expect(text).not.toContain(secret);
    expect(text).not.toContain(reply_secret);
  }
  expect(got.headers.get("cache-control")).toBe("no-store");

  for (let time = 0; time < 2; time++) {
    expect((await operate("DELETE", `/operator/sources/${made.id}`)).status).toBe(204);
  }
  for (const id of [made.id, "src_1", "x"]) {
    expect((await readProblem(await operate("GET", `/operator/sources/${id}`))).code).toBe("not_found");
  }
  expect((await env.MASKS.list()).objects).toEqual([]);
});

test("a secret that the operator brings is not shown again", async () => {
  const { add } = startIngest();
  expect(await add()).toMatchObject({ secret: null, reply_secret: null });
  const { secret } = await add({ ...MASTODON, secret: undefined, signature: { scheme: "standard-webhooks" } });
  expect(secret).toMatch(/^whsec_/);
});

test("sources are listed by pages, each once", async () => {
  const { operate, add } = startIngest();
  const ids: string[] = [];
  for (let made = 0; made < LIMITS.sourceRows + 2; made++) ids.push((await add()).id);
  const read = async (search: string) =>
    SourcesAnswer.parse(await (await operate("GET", `/operator/sources${search}`)).json());
  const first = await read("");
  const second = await read(`?cursor=${first.next_cursor}`);
  expect([first.sources.length, second.sources.length, second.next_cursor]).toEqual([LIMITS.sourceRows, 2, null]);
  expect([...first.sources, ...second.sources].map(({ id }) => id)).toEqual(ids.toSorted());
});

describe("422 for", () => {
  test.each<[string, object, string]>([
    ["a field that is none", { colour: "red" }, "/colour"],
    ["no text", { mapping: {} }, "/mapping/text"],
    ["a pointer that is none", { mapping: { text: "text" } }, "/mapping/text"],
    ["a scheme that is none", { signature: { scheme: "md5" } }, "/signature/scheme"],
    ["a field of another scheme", { signature: { scheme: "github", prefix: "x" } }, "/signature/prefix"],
    ["a short secret", { secret: "short" }, "/secret"],
    ["a secret of another scheme", { signature: { scheme: "standard-webhooks" } }, "/secret"],
    ["a default that no request may have", { defaults: { task: "everything" } }, "/defaults/task"],
    [
      "a default that every message would fail with",
      { defaults: { offset_encoding: "token" } },
      "/defaults/offset_encoding",
    ],
    ["the words as a default", { defaults: { text: "x" } }, "/defaults/text"],
    ["the picture as a default", { defaults: { image: "https://a.example/" } }, "/defaults/image"],
    ["the webhook as a default", { defaults: { webhook: { url: "https://a.example/" } } }, "/defaults/webhook"],
    ["a reply address that is not public", { reply: { url: "https://10.0.0.1/" } }, "/reply/url"],
    ["a reply address that is not https", { reply: { url: "http://a.example/" } }, "/reply/url"],
    ["an account, where there are none", { account: "newsroom" }, "/account"],
  ])("%s", async (_, change, pointer) => {
    const { operate } = startIngest();
    const problem = await readProblem(await operate("POST", "/operator/sources", { ...MASTODON, ...change }));
    expect(problem).toMatchObject({ status: 422, code: "invalid_request" });
    expect(problem.errors?.map((error) => error.pointer)).toContain(pointer);
    expect((await env.MASKS.list()).objects).toEqual([]);
  });

  test("an account that does not exist, and none, where accounts pay", async () => {
    const { operate, add } = startIngest({}, { ACCESS: "keys" });
    for (const account of ["nobody", undefined]) {
      const problem = await readProblem(await operate("POST", "/operator/sources", { ...MASTODON, account }));
      expect(problem).toMatchObject({ status: 422, errors: [{ pointer: "/account" }] });
    }
    const { name } = await newAccount();
    expect((await add({ ...MASTODON, account: name })).account).toBe(name);
  });
});

describe("a rotation", () => {
  const rotate = async ({ operate }: ReturnType<typeof startIngest>, id: string, body: object) => {
    const response = await operate("POST", `/operator/sources/${id}/rotate`, body);
    return response.status === 201 ? NewSourceAnswer.parse(await response.json()) : readProblem(response);
  };

  test("makes a secret, or takes one, and lets the old one work for the overlap", async () => {
    let now = NOON;
    const ingest = startIngest({ clock: () => now });
    const { id } = await ingest.add();
    const made = await rotate(ingest, id, {});
    expect(made).toMatchObject({
      secret: expect.stringMatching(/^[0-9a-f]{64}$/),
      reply_secret: null,
      secrets: [{ expires_at: null }, { expires_at: new Date(NOON + 86_400_000).toISOString() }],
    });
    const taken = await rotate(ingest, id, { secret: "another-secret-that-is-long", overlap_seconds: 0 });
    expect(taken).toMatchObject({ secret: null, secrets: [{ expires_at: null }] });
    now += 1;
    expect(await rotate(ingest, id, { overlap_seconds: 60 })).toMatchObject({ secrets: [{}, {}] });
    now += 60_000;
    const got = SourceFacts.parse(await (await ingest.operate("GET", `/operator/sources/${id}`)).json());
    expect(got.secrets).toHaveLength(1);
  });

  test("of the reply secret makes another, and needs a reply", async () => {
    const ingest = startIngest();
    const first = await ingest.add({ ...MASTODON, reply: { pointer: "/callback" } });
    const second = await rotate(ingest, first.id, { which: "reply_secret" });
    expect(second).toMatchObject({ secret: null, reply_secret: expect.stringMatching(/^whsec_/), secrets: [{}] });
    expect(second).not.toMatchObject({ reply_secret: first.reply_secret });
    const none = await ingest.add();
    expect(await rotate(ingest, none.id, { which: "reply_secret" })).toMatchObject({ errors: [{ pointer: "/which" }] });
    for (const [id, body] of [
      [first.id, { which: "reply_secret", secret: "no-standard-webhooks-secret" }],
      [
        (await ingest.add({ ...MASTODON, secret: undefined, signature: { scheme: "standard-webhooks" } })).id,
        { secret: "x".repeat(40) },
      ],
    ] as const) {
      expect(await rotate(ingest, id, body)).toMatchObject({ status: 422, errors: [{ pointer: "/secret" }] });
    }
  });

  test("beside another one loses no secret", async () => {
    const ingest = startIngest();
    const { id } = await ingest.add();
    await Promise.all([rotate(ingest, id, {}), rotate(ingest, id, {}), rotate(ingest, id, {})]);
    const got = SourceFacts.parse(await (await ingest.operate("GET", `/operator/sources/${id}`)).json());
    expect(got.secrets).toHaveLength(4);
  });

  test("of a source that does not exist is 404", async () => {
    expect(await rotate(startIngest(), `src_${"0".repeat(24)}`, {})).toMatchObject({ code: "not_found" });
  });
});
