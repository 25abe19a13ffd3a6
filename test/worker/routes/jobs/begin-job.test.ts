import { env } from "cloudflare:workers";
import { Webhook } from "standardwebhooks";
import { describe, expect, test } from "vitest";
import { JobAnswer } from "../../../../schemas/jobs.ts";
import { LIMITS } from "../../../../schemas/limits.ts";
import { hang } from "../../../support/scripted-cog.ts";
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

  test("names one way of answering: Accept and the words of Prefer may differ, a job or none may not", async () => {
    const app = await startJobs();
    const { id } = await app.begin({}, { "idempotency-key": "one" });
    await app.settled();
    for (const headers of [{ prefer: "respond-async", accept: "text/event-stream" }, { prefer: "wait=10" }]) {
      const repeat = await app.post({}, { "idempotency-key": "one", ...headers });
      expect([repeat.status, ((await repeat.json()) as JobAnswer).id]).toEqual([headers.accept ? 202 : 200, id]);
    }
    await app.post({}, { "idempotency-key": "two" });
    for (const headers of [{ "idempotency-key": "one" }, { "idempotency-key": "two", prefer: "wait=10" }]) {
      const { code, detail } = await readProblem(await app.post({}, headers));
      expect([code, detail]).toEqual(["idempotency_key_reused", expect.stringContaining("Accept or Prefer")]);
    }
  });

  test("a repeat before the job has begun is told to come again, and then gets the job", async () => {
    const begin = Promise.withResolvers<void>();
    const reached = Promise.withResolvers<void>();
    const before = async (method: string) => {
      if (method !== "begin") return;
      reached.resolve();
      await begin.promise;
    };
    const app = await startJobs({ runs: false, before });
    const headers = { prefer: "respond-async", "idempotency-key": "one" };
    const first = app.post({}, headers);
    await reached.promise;
    const repeat = await app.post({}, headers);
    const problem = await readProblem(repeat);
    begin.resolve();
    const { id } = (await (await first).json()) as JobAnswer;
    expect(problem).toMatchObject({ status: 409, code: "request_in_flight", first_request_id: id });
    expect(repeat.headers.get("retry-after")).toBe("1");
    expect(await app.begin({}, headers)).toMatchObject({ id, state: "queued" });
    await app.run(id);
  });

  test("a repeat whose job was deleted after its time is told that, and what the job cost", async () => {
    const app = await startJobs({ runs: false });
    const headers = { prefer: "respond-async", "idempotency-key": "one" };
    const { id } = await app.begin({}, headers);
    await app.run(id);
    app.pass((LIMITS.resultSeconds + LIMITS.jobRecordSeconds + 1) * 1000);
    await app.run(id);
    const problem = await readProblem(await app.post({}, headers));
    expect(problem).toMatchObject({ status: 409, code: "answer_not_kept", first_request_id: id });
    expect(problem.charge?.units).toMatchObject({ calls: 1 });
  });

  test("a repeat whose job was deleted behind its end is told that, whatever it prefers", async () => {
    const app = await startJobs();
    const headers = { prefer: "respond-async", "idempotency-key": "one" };
    const { id } = await app.begin({}, headers);
    await app.settled();
    await app.send("DELETE", `/v1/jobs/${id}`);
    for (const prefer of ["respond-async", "wait=10"]) {
      const response = await app.post({}, { ...headers, prefer });
      const problem = await readProblem(response);
      expect(problem).toMatchObject({ status: 409, code: "answer_not_kept", first_request_id: id });
      expect([problem.charge?.units.calls, response.headers.get("idempotent-replayed")]).toEqual([1, null]);
    }
    expect(app.cog.asked("mner").length).toBe(1);
  });

  test("a repeat whose job was canceled is told that where it was charged", async () => {
    const app = await startJobs({ cog: scriptedPost().on("segmentation", hang) });
    const headers = { prefer: "respond-async", "idempotency-key": "one" };
    const send = async () => readProblem(await app.post(await withPicture(), headers));
    const { id } = await app.begin(await withPicture(), headers);
    await expect.poll(() => app.cog.asked("segmentation").length).toBeGreaterThan(0);
    await app.send("GET", `/v1/jobs/${id}`);
    const { charge } = (await (await app.send("DELETE", `/v1/jobs/${id}`)).json()) as JobAnswer;
    expect(charge?.units.calls).toBe(1);
    // Before its account has heard of it, and after.
    const told = { status: 409, code: "answer_not_kept", first_request_id: id, charge: { units: charge?.units } };
    expect(await send()).toMatchObject(told);
    await app.settled();
    expect(await send()).toMatchObject(told);
  });

  test("a repeat whose job was canceled for nothing runs anew once the account has heard of it", async () => {
    const app = await startJobs({ runs: false });
    const headers = { prefer: "respond-async", "idempotency-key": "one" };
    const { id } = await app.begin({}, headers);
    await app.send("DELETE", `/v1/jobs/${id}`);
    expect(await readProblem(await app.post({}, headers))).toMatchObject({ code: "request_in_flight" });
    await app.run(id);
    const again = await app.begin({}, headers);
    expect([again.state, again.id === id]).toEqual(["queued", false]);
  });

  test("a repeat while the job does not answer gets 503", async () => {
    let isDown = false;
    const app = await startJobs({ runs: false, down: () => isDown });
    const headers = { prefer: "respond-async", "idempotency-key": "one" };
    await app.begin({}, headers);
    isDown = true;
    expect((await readProblem(await app.post({}, headers))).code).toBe("job_unavailable");
  });
});

describe("Preference-Applied says what the response does of what was asked", () => {
  test.each<[string, object, object, number, string | null]>([
    ["respond-async", {}, {}, 202, "respond-async"],
    ["respond-async, wait=10", {}, {}, 200, "wait=10"],
    ["wait=10", {}, {}, 200, "wait=10"],
    ["wait=90", {}, {}, 200, "wait=60"],
    ["respond-async, wait=0", {}, {}, 202, "respond-async, wait=0"],
    ["wait=10", {}, { accept: "text/event-stream" }, 202, "respond-async"],
    ["wait=10", { webhook: { url: "https://receiver.example.com/" } }, {}, 202, "respond-async"],
    ["respond-async, wait=10", { webhook: { url: "https://receiver.example.com/" } }, {}, 202, "respond-async"],
    ["", { webhook: { url: "https://receiver.example.com/" } }, {}, 202, null],
  ])("Prefer: %s with %j, %j", async (prefer, body, headers, status, applied) => {
    const app = await startJobs();
    const response = await app.post(body, { prefer, ...headers });
    expect([response.status, response.headers.get("preference-applied")]).toEqual([status, applied]);
    await app.settled();
  });

  test("both where the wait was over before the job", async () => {
    const timer = (time: number) => (time === 60_000 ? AbortSignal.abort() : AbortSignal.timeout(time));
    const app = await startJobs({ runs: false, world: { timer } });
    const response = await app.post({}, { prefer: "wait=60, respond-async" });
    expect([response.status, response.headers.get("preference-applied")]).toEqual([202, "respond-async, wait=60"]);
  });
});

describe("the webhook of a request", () => {
  const url = "https://receiver.example.com/hook";

  test.each([
    ["http://receiver.example.com/", { limit: "https", value: "http://receiver.example.com" }],
    ["https://receiver.example.com:8443/", { limit: 443, value: "https://receiver.example.com:8443" }],
    ["https://127.0.0.1/", { value: "https://127.0.0.1" }],
    ["nothing", { value: "7 UTF-16 code units" }],
  ])("at %s is refused by name, with what would be allowed", async (bad, facts) => {
    const app = await startJobs();
    const response = await app.post({ webhook: { url: bad } });
    const { errors } = await readProblem(response);
    expect([response.status, errors]).toEqual([
      422,
      [{ pointer: "/webhook/url", detail: expect.any(String), ...facts }],
    ]);
    expect((await app.calls.balance()).reserved).toBe(0);
  });

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

  test("has a secret of ours shown although the job would end within the wait, and by a repeat while it is kept", async () => {
    const app = await startJobs();
    const send = () => app.post({ webhook: { url } }, { prefer: "wait=10", "idempotency-key": "one" });
    const first = await send();
    const job = JobAnswer.parse(await first.json());
    expect([first.status, job.webhook?.secret]).toEqual([202, expect.stringMatching(/^whsec_/)]);
    await app.settled();
    const again = await send();
    expect([again.status, again.headers.get("idempotent-replayed")]).toEqual([202, "true"]);
    expect(await again.json()).toMatchObject({ state: "succeeded", webhook: job.webhook });
    await app.send("DELETE", `/v1/jobs/${job.id}`);
    expect(await readProblem(await send())).toMatchObject({ code: "answer_not_kept", first_request_id: job.id });
  });

  test("with a secret of its own waits for the result", async () => {
    const app = await startJobs();
    const secret = `whsec_${btoa("a".repeat(32))}`;
    expect((await app.post({ webhook: { url, secret } }, { prefer: "wait=10" })).status).toBe(200);
    await app.settled();
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

const pictures = async () => (await env.MASKS.list({ prefix: "jobs/" })).objects.map(({ key }) => key);

describe("a request whose job cannot begin", () => {
  test.each([
    ["and cannot be canceled", () => true],
    ["and is canceled", (method: string) => method === "begin"],
  ])("%s gets 503, and neither its money nor its picture stays", async (_, down) => {
    const app = await startJobs({ down });
    const response = await app.post(await withPicture(), { prefer: "respond-async" });
    expect([response.status, (await readProblem(response)).code]).toEqual([503, "job_unavailable"]);
    expect(response.headers.get("retry-after")).toBe("1");
    expect(await app.calls.balance()).toMatchObject({ available: MONEY, reserved: 0 });
    expect([app.asked, await pictures()]).toEqual([["begin", "cancel"], []]);
  });

  test("because its picture is not stored in time gets 504, and the picture is deleted when it was stored after all", async () => {
    const late = new DOMException("late", "TimeoutError");
    const timer = (time: number) => (time === 2_345 ? AbortSignal.abort(late) : AbortSignal.timeout(time));
    const app = await startJobs({ world: { timer, storeMs: 2_345 } });
    const response = await app.post(await withPicture(), { prefer: "respond-async" });
    expect(response.status).toBe(504);
    expect([app.asked, await pictures()]).toEqual([["cancel"], []]);
    expect(await app.calls.balance()).toMatchObject({ available: MONEY, reserved: 0 });
  });
});

test("a job that was begun and does not answer is answered as one that waits for its turn", async () => {
  const app = await startJobs({ runs: false, down: (method) => method === "facts" });
  const response = await app.post(await withPicture(), { prefer: "respond-async" });
  const job = JobAnswer.parse(await response.json());
  expect([response.status, job.state, job.id]).toEqual([202, "queued", response.headers.get("x-request-id")]);
  await app.run(job.id);
});

test("a post that is not valid begins no job", async () => {
  const app = await startJobs({ cog: scriptedPost() });
  const entities = [{ start: 0, end: TEXT.length + 9, type: "PER" }];
  const response = await app.post({ entities }, { prefer: "respond-async" });
  expect([response.status, app.asked]).toEqual([422, []]);
});
