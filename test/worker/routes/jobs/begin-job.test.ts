import { Webhook } from "standardwebhooks";
import { describe, expect, test } from "vitest";
import { JobAnswer } from "../../../../schemas/jobs.ts";
import { readProblem, scriptedPost, TEXT } from "../../harness.ts";
import { MONEY, unanswered, withPicture } from "../start-charged.ts";
import { startJobs } from "./job-harness.ts";

describe("a request that prefers to be answered later", () => {
  test("gets 202 with its job, which is charged once it has ended", async () => {
    const app = await startJobs({ runs: false });
    const response = await app.post(await withPicture(), { prefer: "respond-async" });
    const job = JobAnswer.parse(await response.json());
    const headers = Object.fromEntries(response.headers);
    expect([response.status, headers["retry-after"], headers["preference-applied"]]).toEqual([
      202,
      "2",
      "respond-async",
    ]);
    expect(headers.location).toBe(job.links.self);
    expect(job).toMatchObject({ id: headers["x-request-id"], state: "queued", operation: "recognize", webhook: null });
    expect(app.cog.calls).toEqual([]);
    expect(await app.available()).toBeLessThan(MONEY);
    await app.run(job.id);
    const charged = (await (await app.send("GET", `/v1/jobs/${job.id}`)).json()) as JobAnswer;
    expect(charged).toMatchObject({ state: "succeeded", charge: { units: { entities: 3, masks: 2 } } });
    const spent = Math.round(Number(charged.charge?.amount_usd) * 1e9);
    expect([await app.available(), (await app.calls.balance()).reserved]).toEqual([MONEY - spent, 0]);
  });

  test("is answered by every paid operation", async () => {
    const app = await startJobs({ runs: false });
    const entities = [{ text: "Felix", type: "OTHER" }];
    for (const [path, body] of [
      ["/v1/mner", {}],
      ["/v1/expand", { entities }],
      ["/v1/entail", { entities, ...(await withPicture()) }],
      ["/v1/ground", { entities, ...(await withPicture()) }],
    ] as const) {
      expect((await app.begin(body, {}, path)).operation).toBe(path.slice(4));
    }
  });

  test.each([
    ["respond-async", 202],
    ["Respond-Async; x=1, handling=lenient", 202],
    ["wait=0", 202],
    ['wait="0"', 202],
    ["wait=0, wait=x", 202],
    ["wait=soon", 200],
    ["wait=-1", 200],
    ["return=minimal", 200],
    ["", 200],
    [";;,=,", 200],
  ])("with Prefer: %s gets %i", async (prefer, status) => {
    const app = await startJobs({ runs: false });
    expect((await app.post({}, { prefer })).status).toBe(status);
  });
});

describe("Prefer: wait", () => {
  test.each([
    ["application/json", withPicture],
    ["image/svg+xml", withPicture],
    ["image/png", withPicture],
    ["image/png", async () => ({})],
    ["text/html", withPicture],
  ])("answers with %s as the same request without it", async (accept, body) => {
    const app = await startJobs();
    const headers = { accept };
    const now = await app.post(await body(), headers);
    const later = await app.post(await body(), { ...headers, prefer: "wait=10" });
    const facts = async (response: Response) => {
      const type = response.headers.get("content-type");
      const bytes = new Uint8Array(await response.clone().arrayBuffer());
      const isJson = /json/.test(type ?? "");
      const {
        id: _,
        request_id: _request,
        stages,
        charge,
        overlay_url: _link,
        entities,
        ...rest
      } = isJson ? ((await response.json()) as Record<string, unknown>) : {};
      const charged = response.headers.get("x-charge-usd");
      const named = JSON.stringify(entities)?.replace(/expires=[^"]*/g, "");
      const stageNames = (stages as { stage: string }[] | undefined)?.map(({ stage }) => stage).toSorted();
      const { units } = (charge ?? {}) as { units?: unknown };
      return { status: response.status, type, rest, named, stageNames, units, charged, bytes: isJson ? [] : bytes };
    };
    expect(await facts(later)).toEqual(await facts(now));
  });

  test("answers with the problem of a job that failed, with its status", async () => {
    const app = await startJobs({ cog: unanswered() });
    const [now, later] = [await app.post(), await app.post({}, { prefer: "wait=10" })];
    expect((await readProblem(later)).code).toBe((await readProblem(now)).code);
    expect(later.status).toBe(502);
    expect(await app.available()).toBe(MONEY);
  });

  test("gets 202 where an event stream is wanted: the job's has an address of its own", async () => {
    const app = await startJobs();
    const response = await app.post({}, { prefer: "wait=10", accept: "text/event-stream" });
    expect(response.status).toBe(202);
    await app.settled();
  });

  test("gets 202 when the job takes longer", async () => {
    // The minute of the wait is over at once, and every other time is as long as it is.
    const timer = (time: number) => (time === 60_000 ? AbortSignal.abort() : AbortSignal.timeout(time));
    const app = await startJobs({ runs: false, world: { timer } });
    expect((await app.post({}, { prefer: "wait=60" })).status).toBe(202);
  });
});

describe("Idempotency-Key", () => {
  test("repeats get the same job, while it runs and after its end; another body is refused", async () => {
    const app = await startJobs({ runs: false });
    const headers = { prefer: "respond-async", "idempotency-key": "one" };
    const first = await app.begin({}, headers);
    const repeat = await app.post({}, headers);
    expect([repeat.status, repeat.headers.get("idempotent-replayed")]).toEqual([202, "true"]);
    expect(((await repeat.json()) as JobAnswer).id).toBe(first.id);
    await app.run(first.id);
    const ended = await app.post({}, { ...headers, prefer: "respond-async, wait=5" });
    expect([ended.status, ((await ended.json()) as JobAnswer).id]).toEqual([200, first.id]);
    const other = await app.post({ task: "gmner" }, headers);
    expect([other.status, (await readProblem(other)).code]).toEqual([422, "idempotency_key_reused"]);
    expect(app.cog.asked("mner").length).toBe(1);
  });
});

describe("the webhook of a request", () => {
  const url = "https://receiver.example.com/hook";

  test.each(["http://receiver.example.com/", "https://127.0.0.1/", "nothing"])(
    "at %s is refused by name",
    async (bad) => {
      const app = await startJobs();
      const response = await app.post({ webhook: { url: bad } });
      const { errors } = await readProblem(response);
      expect([response.status, errors?.[0]?.pointer]).toEqual([422, "/webhook/url"]);
      expect((await app.calls.balance()).reserved).toBe(0);
    },
  );

  test("is told the end in a message that its published verifier accepts; its secret is shown once", async () => {
    const app = await startJobs();
    const response = await app.post({ webhook: { url } });
    const job = JobAnswer.parse(await response.json());
    await app.settled();
    const [message] = app.sent;
    expect(new Webhook(job.webhook?.secret ?? "").verify(message?.body ?? "", message?.headers ?? {})).toMatchObject({
      type: "job.succeeded",
      data: { id: job.id },
    });
    const again = (await (await app.send("GET", `/v1/jobs/${job.id}`)).json()) as JobAnswer;
    expect(again.webhook).toEqual({ url, secret: null });
  });

  test("does not show a secret that the request brought", async () => {
    const app = await startJobs({ runs: false });
    const secret = `whsec_${btoa("a".repeat(32))}`;
    const job = (await (await app.post({ webhook: { url, secret } })).json()) as JobAnswer;
    expect(job.webhook).toEqual({ url, secret: null });
  });
});

test.each([
  [30_001, "", 422],
  [900_000, "respond-async", 202],
  [900_001, "respond-async", 422],
])("deadline_ms of %i with Prefer: %s gets %i", async (deadline_ms, prefer, status) => {
  const app = await startJobs({ runs: false });
  const response = await app.post({ deadline_ms }, { prefer });
  expect(response.status).toBe(status);
  if (status === 422) expect((await readProblem(response)).errors?.[0]?.pointer).toBe("/deadline_ms");
});

test("a request whose job cannot begin gets 503, and nothing stays reserved", async () => {
  const app = await startJobs({ down: () => true });
  const response = await app.post({}, { prefer: "respond-async" });
  expect([response.status, (await readProblem(response)).code]).toEqual([503, "job_unavailable"]);
  expect(response.headers.get("retry-after")).toBe("1");
  expect(await app.calls.balance()).toMatchObject({ available: MONEY, reserved: 0 });
});

test("a post that is not valid begins no job", async () => {
  const app = await startJobs({ cog: scriptedPost() });
  const entities = [{ start: 0, end: TEXT.length + 9, type: "PER" }];
  const response = await app.post({ entities }, { prefer: "respond-async" });
  expect([response.status, app.asked]).toEqual([422, []]);
});
