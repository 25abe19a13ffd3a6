import { describe, expect, test } from "vitest";
import { BatchAnswer } from "../../../schemas/batches.ts";
import { BatchApp } from "../../support/batches/batch-app.ts";

const POST = { text: "Eileen Collins" };

async function begun(app: BatchApp, lines: readonly unknown[], query = "?max_concurrent=1"): Promise<string> {
  return BatchAnswer.parse(await (await app.post(lines, query)).json()).id;
}
const linesOf = (text: string) => text.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line)]));
const results = async (app: BatchApp, id: string, query = "") =>
  linesOf(await (await app.fetch(`/v1/batches/${id}/results${query}`)).text());

test("each post that has ended is a line: its answer with its charge, or its problem", async () => {
  const app = new BatchApp();
  const id = await begun(app, [{ ...POST, id: "a" }, "no post", { ...POST, id: "c" }, POST]);
  await app.advance(id);
  await app.advance(id, "failed");
  const response = await app.fetch(`/v1/batches/${id}/results`);
  expect(response.headers.get("content-type")).toBe("application/x-ndjson; charset=utf-8");
  expect(linesOf(await response.text())).toEqual([
    {
      number: 1,
      line: 2,
      id: null,
      job_id: null,
      state: "invalid",
      answer: null,
      problem: expect.objectContaining({ code: "invalid_request" }),
      cost_usd: "0",
    },
    {
      number: 2,
      line: 1,
      id: "a",
      job_id: `${id}-1`,
      state: "succeeded",
      answer: {
        id: `${id}-1`,
        entities: [],
        charge: { amount_usd: "0.0015", units: { calls: 0, entities: 0, masks: 0 }, balance_usd: null },
      },
      problem: null,
      cost_usd: "0.0015",
    },
    {
      number: 3,
      line: 3,
      id: "c",
      job_id: `${id}-3`,
      state: "failed",
      answer: null,
      problem: expect.objectContaining({ code: "stage_failed" }),
      cost_usd: "0",
    },
  ]);
  expect((await results(app, id, "?after=2")).map(({ number }) => number)).toEqual([3]);
});

test("results are sent while the batch runs, until its end", async () => {
  const app = new BatchApp();
  const id = await begun(app, [POST, POST, POST]);
  await app.advance(id);
  const response = await app.fetch(`/v1/batches/${id}/results?wait=20`);
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  const next = async () => linesOf((await reader?.read())?.value ?? "").map(({ line }) => line);
  expect(await next()).toEqual([1]);
  const second = next();
  await app.advance(id);
  expect(await second).toEqual([2]);
  await app.advance(id);
  expect(await next()).toEqual([3]);
  expect((await reader?.read())?.done).toBe(true);
});

test("many results come in their order", async () => {
  const app = new BatchApp();
  const id = await begun(app, Array(230).fill(POST), "?max_concurrent=50");
  for (let round = 0; round < 5; round++) await app.advance(id);
  const numbers = (await results(app, id)).map(({ number }) => number);
  expect(numbers).toEqual(Array.from({ length: 230 }, (_, index) => index + 1));
});

test("a result with store: false is noted as fetched once its line was taken, and is then gone", async () => {
  const app = new BatchApp();
  const id = await begun(app, [{ ...POST, store: false }, POST]);
  await app.advance(id);
  await app.advance(id);
  expect((await results(app, id)).map(({ answer }) => answer !== null)).toEqual([true, true]);
  expect([...app.jobs.jobs.values()].map(({ fetched }) => fetched)).toEqual([1, 0]);
  expect((await results(app, id))[0]).toMatchObject({
    answer: null,
    problem: { code: "result_gone" },
    cost_usd: "0.0015",
  });
});

test("a canceled post says that it was canceled, and what was charged for what was read of it", async () => {
  const app = new BatchApp();
  app.jobs.canceledAmount = 500_000;
  const id = await begun(app, [POST, POST]);
  await app.at(id).ring();
  await app.fetch(`/v1/batches/${id}`, { method: "DELETE" });
  await app.at(id).ring();
  const canceled = expect.objectContaining({ code: "canceled" });
  expect(await results(app, id)).toEqual([
    expect.objectContaining({ line: 2, job_id: null, state: "canceled", problem: canceled, cost_usd: "0" }),
    expect.objectContaining({ line: 1, job_id: `${id}-1`, state: "canceled", problem: canceled, cost_usd: "0.0005" }),
  ]);
  const { cost_usd } = BatchAnswer.parse(await (await app.fetch(`/v1/batches/${id}`)).json());
  expect(cost_usd).toBe("0.0005");
});

describe("the batch itself", () => {
  test("GET says how far it is and what it cost, and waits for its end", async () => {
    const app = new BatchApp();
    const id = await begun(app, [POST, POST]);
    await app.advance(id);
    const running = BatchAnswer.parse(await (await app.fetch(`/v1/batches/${id}`)).json());
    // The second post has taken the place of the first.
    const counts = { succeeded: 1, waiting: 0, running: 1 };
    expect(running).toMatchObject({ state: "running", counts, cost_usd: "0.0015" });
    const waiting = app.fetch(`/v1/batches/${id}?wait=20`);
    // The next alarm is the one that would begin a lost job again, 5 s later: it moves the clock.
    await app.advance(id);
    const ended = BatchAnswer.parse(await (await waiting).json());
    expect(ended).toMatchObject({ state: "ended", cost_usd: "0.003", expires_at: "2026-12-03T12:00:05.000Z" });
  });

  test("DELETE cancels what has not ended, and may be repeated", async () => {
    const app = new BatchApp();
    const id = await begun(app, [POST, POST, POST]);
    await app.advance(id);
    await app.at(id).ring();
    const remove = async () => {
      const response = await app.fetch(`/v1/batches/${id}`, { method: "DELETE" });
      return [response.status, BatchAnswer.parse(await response.json())];
    };
    const counts = { succeeded: 1, running: 1, canceled: 1 };
    expect(await remove()).toEqual([200, expect.objectContaining({ state: "canceled", ended_at: null })]);
    expect(await remove()).toEqual([200, expect.objectContaining({ counts: expect.objectContaining(counts) })]);
    await app.at(id).ring();
    const { state, ended_at } = BatchAnswer.parse(await (await app.fetch(`/v1/batches/${id}`)).json());
    expect([state, ended_at]).toEqual(["canceled", expect.any(String)]);
    expect((await results(app, id)).map((result) => result.state)).toEqual(["succeeded", "canceled", "canceled"]);
  });

  test.each(["", "/results"])(
    "404 for no id of a batch, an unknown batch, and another account's: GET …%s",
    async (path) => {
      const open = new BatchApp();
      const id = await begun(open, [POST]);
      const keyed = new BatchApp({ access: "keys", batches: open.batches });
      const { text } = await keyed.keys.make("newsroom", "live", (length) => new Uint8Array(length));
      for (const name of [id, "nothing", `req_${"1".repeat(26)}`]) {
        const response = await keyed.fetch(`/v1/batches/${name}${path}`, {
          headers: { authorization: `Bearer ${text}` },
        });
        expect([name, response.status]).toEqual([name, 404]);
      }
      expect((await keyed.fetch(`/v1/batches/${id}${path}`)).status).toBe(401);
    },
  );

  test("410 for results that are kept no longer, 406 for another type, 422 for a wrong parameter", async () => {
    const app = new BatchApp();
    const id = await begun(app, ["no post"]);
    const status = async (path: string, headers = {}) =>
      (await app.fetch(`/v1/batches/${id}${path}`, { headers })).status;
    expect(await status("/results", { accept: "text/csv" })).toBe(406);
    expect(await status("/results?after=x")).toBe(422);
    expect(await status("/results?wait=61")).toBe(422);
    expect(await status("?wait=61")).toBe(422);
    await app.at(id).passUntil(Date.parse("2026-12-03T12:00:00Z"));
    expect(await status("/results")).toBe(410);
    expect(await status("")).toBe(200);
  });
});
