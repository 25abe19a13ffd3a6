import { env } from "cloudflare:workers";
import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import { JobId } from "../../../schemas/jobs.ts";
import { LIMITS } from "../../../schemas/limits.ts";
import { WebhookEvent } from "../../../schemas/webhooks.ts";
import type { JobCalls } from "../../../src/jobs/calls.ts";
import { objectsOf } from "../../../src/storage/durable-objects.ts";
import { NOON, readProblem } from "../harness.ts";
import { accepted, deliver, MASTODON, startIngest, status } from "../ingest-harness.ts";

test("202: a message becomes a job for each picture, before anything is asked or fetched", async () => {
  const ingest = startIngest({ fetch: () => new Promise(() => {}), fetchPublic: () => new Promise(() => {}) });
  const source = await ingest.add({ ...MASTODON, defaults: { task: "gmner", labels: ["ship"] } });
  const answer = await accepted(await deliver(ingest, source, status()));
  expect(answer).toMatchObject({ id: "115610000000000001", duplicate: false, skipped: null });
  expect(answer.jobs).toHaveLength(2);
  for (const id of answer.jobs) expect(JobId.safeParse(id).success).toBe(true);
  expect([...ingest.jobs.orders.keys()]).toEqual(answer.jobs);
  expect([...ingest.jobs.orders.values()]).toEqual(
    answer.jobs.map((id, index) => ({
      id,
      account: "public",
      operation: "recognize",
      mode: "live",
      fields: expect.objectContaining({ text: "Eileen Collins in Houston", task: "gmner", labels: ["ship"] }),
      image: { kind: "address", url: `https://files.example.org/${index + 1}.jpg` },
      payer: { kind: "nobody" },
      origin: new URL(env.PUBLIC_URL).href,
      acceptedAt: NOON,
      deadline: NOON + LIMITS.jobDefaultMs,
      keepSeconds: LIMITS.resultSeconds,
      reference: "115610000000000001",
      batch: null,
      chat: null,
      webhook: null,
    })),
  );
});

test("202 within a second while every model and every picture's host hangs", async () => {
  const ingest = startIngest({ fetch: () => new Promise(() => {}), fetchPublic: () => new Promise(() => {}) });
  const source = await ingest.add();
  const started = performance.now();
  await accepted(await deliver(ingest, source, status()));
  expect(performance.now() - started).toBeLessThan(1_000);
});

test("a message without a picture becomes one job without one", async () => {
  const ingest = startIngest();
  const { jobs } = await accepted(await deliver(ingest, await ingest.add(), status({ media_attachments: [] })));
  expect(jobs).toHaveLength(1);
  expect(ingest.jobs.orders.get(jobs[0] ?? "")?.image).toBeNull();
});

describe("where the end is told", () => {
  test.each<[string, object, object, string | null]>([
    ["always the same address", { url: "https://newsroom.example.org/x" }, {}, "https://newsroom.example.org/x"],
    [
      "the one of the message",
      { pointer: "/callback" },
      { callback: "https://a.example.org/1" },
      "https://a.example.org/1",
    ],
    ["none, where the message has none", { pointer: "/callback" }, {}, null],
  ])("is %s", async (_, reply, more, url) => {
    const ingest = startIngest();
    const source = await ingest.add({ ...MASTODON, reply });
    const { jobs } = await accepted(await deliver(ingest, source, { ...status(), ...more }));
    const { webhook } = ingest.jobs.orders.get(jobs[0] ?? "") ?? {};
    expect(webhook).toEqual(url && { url, events: WebhookEvent.options, secret: source.reply_secret });
  });

  test("a message with an address to which nothing may be sent is skipped", async () => {
    const ingest = startIngest();
    const source = await ingest.add({ ...MASTODON, reply: { pointer: "/callback" } });
    for (const callback of ["http://a.example.org/", "https://127.0.0.1/", "https://localhost/", "x", 7]) {
      const answer = await accepted(await deliver(ingest, source, { ...status(), callback }));
      expect([callback, answer.jobs]).toEqual([callback, []]);
    }
    expect(ingest.jobs.orders.size).toBe(0);
  });
});

describe("a message that is sent again", () => {
  test("begins nothing, and gets the same jobs, however its JSON is written and in whatever order it comes", async () => {
    const ingest = startIngest();
    const source = await ingest.add();
    const other = status({ id: "115610000000000002", media_attachments: [] });
    const first = await accepted(await deliver(ingest, source, status()));
    const second = await accepted(await deliver(ingest, source, other));
    expect(await accepted(await deliver(ingest, source, JSON.stringify(status(), null, 2)))).toEqual({
      ...first,
      duplicate: true,
    });
    expect(await accepted(await deliver(ingest, source, other))).toEqual({ ...second, duplicate: true });
    expect(ingest.jobs.orders.size).toBe(3);
  });

  test("to another source is another message", async () => {
    const ingest = startIngest();
    const [one, other] = [await ingest.add(), await ingest.add()];
    const { jobs } = await accepted(await deliver(ingest, one, status()));
    const again = await accepted(await deliver(ingest, other, status()));
    expect(again.duplicate).toBe(false);
    expect(jobs.filter((id) => again.jobs.includes(id))).toEqual([]);
  });

  test("twenty times at once begins one set of jobs, and one answer says that it began them", async () => {
    const ingest = startIngest();
    const source = await ingest.add({ ...MASTODON, mapping: { ...MASTODON.mapping, pictures: [] } });
    ingest.jobs.before = () => new Promise((resolve) => queueMicrotask(resolve));
    const answers = await Promise.all(
      Array.from({ length: 20 }, async () => accepted(await deliver(ingest, source, status()))),
    );
    expect(new Set(answers.map(({ jobs }) => jobs.join()))).toHaveProperty("size", 1);
    expect(answers.filter(({ duplicate }) => !duplicate)).toHaveLength(1);
    expect(ingest.jobs.orders.size).toBe(1);
  });

  test("many times at once begins one set of jobs, where jobs are Durable Objects", async () => {
    const ingest = startIngest({ jobs: objectsOf<JobCalls>(env.JOBS), clock: Date.now });
    const source = await ingest.add();
    // These jobs really run. The guard refuses the addresses of their pictures, so they send nothing over the network.
    const attached = ["1", "2"].map((id) => ({ id, type: "image", url: `https://localhost/${id}.jpg` }));
    const message = status({ media_attachments: attached });
    const answers = await Promise.all(
      Array.from({ length: 8 }, async () => accepted(await deliver(ingest, source, message))),
    );
    expect(new Set(answers.map(({ jobs }) => jobs.join()))).toHaveProperty("size", 1);
    expect(answers.filter(({ duplicate }) => duplicate)).not.toHaveLength(8);
    const ids = answers[0]?.jobs ?? [];
    expect(ids).toHaveLength(2);
    for (const id of ids) {
      const job = objectsOf<JobCalls>(env.JOBS).at(id);
      // Its end is waited for: the runner of these tests may hang on an object whose alarm still rings.
      expect(await job.facts(5_000)).toMatchObject({ state: "failed", order: { id, reference: "115610000000000001" } });
    }
    expect(await accepted(await deliver(ingest, source, message))).toMatchObject({ jobs: ids, duplicate: true });
  });

  test("after only some of its jobs could begin gets the others", async () => {
    const ingest = startIngest();
    const source = await ingest.add();
    let asked = 0;
    ingest.jobs.before = async () => {
      if (++asked === 2) throw new Error("reset");
    };
    expect((await readProblem(await deliver(ingest, source, status()))).code).toBe("job_unavailable");
    expect(ingest.jobs.orders.size).toBe(1);
    const answer = await accepted(await deliver(ingest, source, status()));
    expect(answer.duplicate).toBe(false);
    expect([...ingest.jobs.orders.keys()].toSorted()).toEqual(answer.jobs.toSorted());
  });

  test("with another header that nobody signed is the same message", async () => {
    const ingest = startIngest();
    const source = await ingest.add({
      ...MASTODON,
      signature: { scheme: "github" },
      mapping: { text: "/object/content" },
    });
    const body = JSON.stringify(status());
    const code = createHmac("sha256", MASTODON.secret).update(body).digest("hex");
    const send = (delivery: string) => {
      const headers = { "x-hub-signature-256": `sha256=${code}`, "x-github-delivery": delivery };
      return ingest.fetch(new URL(source.url).pathname, { method: "POST", headers, body });
    };
    const first = await accepted(await send("guid-1"));
    expect(first).toMatchObject({ id: "guid-1", duplicate: false });
    expect(await accepted(await send("guid-2"))).toMatchObject({ jobs: first.jobs, duplicate: true });
  });
});

describe("a message that becomes nothing is accepted and skipped", () => {
  test.each<[string, unknown, string]>([
    ["without a text", status({ content: "<p></p>" }), "has no text"],
    ["of another event", { ...status(), event: "account.created" }, "has another value at /event"],
    ["with a text that is too long", status({ content: "a".repeat(LIMITS.textLength + 1) }), "more than 10000"],
    ["with an id that is none", status({ id: { a: 1 } }), "has an id at /object/id"],
    ["that is a ping of GitHub's", { zen: "Design for failure.", hook_id: 1 }, "has another value at /event"],
  ])("%s", async (_, message, reason) => {
    const ingest = startIngest();
    const answer = await accepted(await deliver(ingest, await ingest.add(), message));
    expect(answer).toMatchObject({ id: null, jobs: [], duplicate: false, skipped: expect.stringContaining(reason) });
    expect(ingest.jobs.orders.size).toBe(0);
    expect(ingest.lines).toContainEqual(
      expect.objectContaining({ event: "message_skipped", reason: expect.stringContaining(reason) }),
    );
  });
});

describe("400 and 422 for a body that is no JSON object", () => {
  test.each([
    ["", 400],
    ["{", 400],
    ["[]", 422],
    ['"x"', 422],
    ['{"event":1,"event":2}', 422],
    [`{"a":${"[".repeat(20)}${"]".repeat(20)}}`, 422],
  ])("%s", async (body, code) => {
    const ingest = startIngest();
    expect((await readProblem(await deliver(ingest, await ingest.add(), body))).status).toBe(code);
  });
});

describe("403", () => {
  test("for another secret, a changed body, no signature, and another scheme's", async () => {
    const ingest = startIngest();
    const source = await ingest.add();
    const code = createHmac("sha256", MASTODON.secret).update(JSON.stringify(status())).digest("hex");
    for (const change of [
      { secret: "another secret" },
      { headers: { "x-hub-signature": "" } },
      { headers: { "x-hub-signature": code } },
      { headers: { "x-hub-signature": `sha1=${code}` } },
      { headers: { "x-hub-signature": "", "x-hub-signature-256": `sha256=${code}` } },
    ]) {
      const problem = await readProblem(await deliver(ingest, source, status(), change));
      expect([change, problem.code]).toEqual([change, "signature_invalid"]);
    }
    const changed = status({ id: "2" });
    const headers = { "x-hub-signature": `sha256=${code}` };
    expect((await readProblem(await deliver(ingest, source, changed, { headers }))).code).toBe("signature_invalid");
    expect(ingest.jobs.orders.size).toBe(0);
  });

  test("for a message that comes too late, by the clock", async () => {
    let now = NOON;
    const ingest = startIngest({ clock: () => now });
    const signature = { scheme: "hmac", header: "x-signature", timestamp_header: "x-time", tolerance_seconds: 60 };
    const source = await ingest.add({ ...MASTODON, signature });
    const body = JSON.stringify(status());
    const time = String(NOON / 1000);
    const code = createHmac("sha256", MASTODON.secret).update(`${time}.${body}`).digest("hex");
    const send = () =>
      ingest.fetch(new URL(source.url).pathname, {
        method: "POST",
        headers: { "x-signature": code, "x-time": time },
        body,
      });
    now += 61_000;
    expect((await send()).status).toBe(403);
    now -= 1_000;
    expect((await send()).status).toBe(202);
  });

  test("for the old secret once the overlap of a rotation has ended, and not before", async () => {
    let now = NOON;
    const ingest = startIngest({ clock: () => now });
    const source = await ingest.add();
    const body = { secret: "another-secret-of-this-test", overlap_seconds: 60 };
    await ingest.operate("POST", `/operator/sources/${source.id}/rotate`, body);
    const sent = async (secret: string) => (await deliver(ingest, source, status(), { secret })).status;
    expect([await sent(MASTODON.secret), await sent(body.secret)]).toEqual([202, 202]);
    now += 60_000;
    expect([await sent(MASTODON.secret), await sent(body.secret)]).toEqual([403, 202]);
  });
});

test("404 for a source that is none, was deleted, or cannot be one", async () => {
  const ingest = startIngest();
  const source = await ingest.add();
  await ingest.operate("DELETE", `/operator/sources/${source.id}`);
  for (const id of [source.id, `src_${"0".repeat(24)}`, "src_1", "..%2Faccounts"]) {
    const url = `https://namesight.test/hooks/ingest/${id}`;
    expect((await readProblem(await deliver(ingest, { ...source, url }, status()))).code).toBe("not_found");
  }
});

test("413 for more than a megabyte", async () => {
  const ingest = startIngest();
  const response = await deliver(ingest, await ingest.add(), " ".repeat(LIMITS.callbackBytes + 1));
  expect((await readProblem(response)).code).toBe("body_too_large");
});

test("429: verified messages are counted by source, and others by address", async () => {
  const counted: string[] = [];
  const counter = (name: string) => ({
    limit: async ({ key }: { key: string }) => {
      counted.push(`${name} ${key}`);
      return { success: counted.filter((other) => other === `${name} ${key}`).length <= 2 };
    },
  });
  const variables = { KEY_RATE: counter("source") };
  const ingest = startIngest({}, variables);
  const source = await ingest.add();
  const statuses = [];
  for (const id of ["1", "2", "3"]) statuses.push((await deliver(ingest, source, status({ id }))).status);
  expect(statuses).toEqual([202, 202, 429]);
  expect(counted).toEqual(Array(3).fill(`source ${source.id}`));

  const strange = startIngest({}, { ADDRESS_RATE: counter("address") });
  const headers = { "cf-connecting-ip": "203.0.113.7" };
  const refused = [];
  for (let time = 0; time < 3; time++) {
    refused.push((await deliver(strange, source, status(), { secret: "another secret", headers })).status);
  }
  expect(refused).toEqual([403, 403, 429]);
});

test("504 and 503 when the store or a job does not answer in time", async () => {
  const slow = new AbortController();
  slow.abort(new DOMException("late", "TimeoutError"));
  const ingest = startIngest();
  const source = await ingest.add();
  const late = startIngest({ timer: () => slow.signal });
  expect((await readProblem(await deliver(late, source, status()))).code).toBe("deadline_exceeded");
  expect(late.jobs.orders.size).toBe(0);

  const controller = new AbortController();
  const hanging = startIngest({ timer: () => controller.signal });
  hanging.jobs.before = () => {
    controller.abort(new DOMException("late", "TimeoutError"));
    return new Promise(() => {});
  };
  expect((await readProblem(await deliver(hanging, source, status()))).code).toBe("job_unavailable");
});

test("nothing of a message and no secret is logged", async () => {
  const ingest = startIngest();
  const source = await ingest.add({ ...MASTODON, reply: { url: "https://newsroom.example.org/x" } });
  await deliver(ingest, source, status());
  await deliver(ingest, source, status({ content: 7 }));
  await deliver(ingest, source, status(), { secret: "another secret" });
  const logged = JSON.stringify(ingest.lines);
  for (const text of [MASTODON.secret, source.reply_secret, "Collins", "files.example.org", "newsroom.example.org"]) {
    expect(logged).not.toContain(text);
  }
});
