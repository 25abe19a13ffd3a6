import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import type { JobAnswer } from "../../../../schemas/jobs.ts";
import { FAULTS, hang } from "../../../support/scripted-cog.ts";
import { readProblem, scriptedPost } from "../../harness.ts";
import { withPicture } from "../start-charged.ts";
import { startJobs } from "./job-harness.ts";

const STREAM = { accept: "text/event-stream" };

interface Read {
  readonly id: number;
  readonly event: string;
  readonly data: Record<string, unknown>;
}

function eventsOf(text: string): Read[] {
  const blocks = text.split("\n\n").filter((block) => block !== "" && !block.startsWith(":"));
  return blocks.map((block) => {
    const fields = new Map(
      block.split("\n").map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)]),
    );
    return {
      id: Number(fields.get("id")),
      event: fields.get("event") ?? "",
      data: JSON.parse(fields.get("data") ?? "{}"),
    };
  });
}

type App = Awaited<ReturnType<typeof startJobs>>;
const read = async (app: App, { id }: JobAnswer, last?: string) =>
  app.send("GET", `/v1/jobs/${id}/events`, { ...STREAM, ...(last !== undefined && { "last-event-id": last }) });

describe("the events of a job", () => {
  test("are those of the synchronous stream, and go on behind every number", async () => {
    const app = await startJobs();
    const job = await app.begin(await withPicture());
    await app.settled();
    const whole = eventsOf(await (await read(app, job)).text());
    const synchronous = eventsOf(await (await app.post(await withPicture(), STREAM)).text());
    expect(whole.map(({ id }) => id)).toEqual(whole.map((_, index) => index + 1));
    const kinds = (events: readonly Read[]) =>
      events.map(({ event, data }) => `${event} ${data.entity_id ?? data.region_id ?? ""}`);
    expect(kinds(whole).toSorted()).toEqual(kinds(synchronous).toSorted());
    const result = await (await app.send("GET", `/v1/jobs/${job.id}/result`)).json();
    const { entities, charge } = whole.at(-1)?.data ?? {};
    const bare = (value: unknown) => JSON.stringify(value).replace(/expires=[^"]*/g, "");
    expect([bare(entities), charge]).toEqual([
      bare((result as Read["data"]).entities),
      (result as Read["data"]).charge,
    ]);
    for (const { id } of whole.slice(0, -1)) {
      const rest = eventsOf(await (await read(app, job, String(id))).text());
      expect(kinds(rest)).toEqual(kinds(whole.slice(id)));
    }
    // Who has read everything gets 204, at which an EventSource stops.
    expect((await read(app, job, String(whole.length))).status).toBe(204);
  });

  test("come to their end, however long they are", async () => {
    const app = await startJobs({ runs: false });
    const job = await app.begin();
    await app.run(job.id);
    const known = eventsOf(await (await read(app, job)).text()).length - 1;
    // More than one answer of a job's object may have.
    const extra = 12;
    await runInDurableObject(env.JOBS.getByName(job.id), (_, { storage }) => {
      for (let number = 1; number <= extra; number++) {
        const event = { event: "problem", problem: { code: "stage_failed", detail: "x".repeat(400_000) } };
        const statement = "INSERT INTO events (identity, event) VALUES (?, ?)";
        storage.sql.exec(statement, `problem ${number}`, JSON.stringify(event));
      }
    });
    const last = known + extra;
    const rest = eventsOf(await (await read(app, job, String(last))).text());
    expect(rest.map(({ id, event }) => [id, event])).toEqual([[last + 1, "end"]]);
    const two = eventsOf(await (await read(app, job, String(last - 1))).text());
    expect(two.map(({ id }) => id)).toEqual([last, last + 1]);
    expect((await read(app, job, String(last + 1))).status).toBe(204);
  });

  test("come while the job runs, and end with it", async () => {
    const app = await startJobs({ runs: false });
    const job = await app.begin(await withPicture());
    const reading = read(app, job).then((response) => response.text());
    await app.run(job.id);
    const events = eventsOf(await reading);
    expect([events[0]?.event, events.at(-1)?.event]).toEqual(["mention", "end"]);
  });

  test.each([
    ["failed", "stage_failed"],
    ["canceled", "result_gone"],
  ] as const)("of a job that %s end with its problem", async (state, code) => {
    const app = await startJobs({ runs: false, cog: scriptedPost().on("mner", FAULTS.failed) });
    const job = await app.begin();
    if (state === "canceled") await app.send("DELETE", `/v1/jobs/${job.id}`);
    else await app.run(job.id);
    const events = eventsOf(await (await read(app, job)).text());
    expect(events).toMatchObject([{ event: "problem", data: { code, request_id: job.id } }]);
    expect((await read(app, job, String(events.at(-1)?.id))).status).toBe(204);
  });

  test("of a job that fails while they are read are that problem alone", async () => {
    const app = await startJobs({ runs: false, cog: scriptedPost().on("mner", FAULTS.failed) });
    const job = await app.begin();
    const reading = read(app, job).then((response) => response.text());
    await app.run(job.id);
    expect(eventsOf(await reading)).toMatchObject([{ event: "problem", data: { request_id: job.id } }]);
  });

  test("of masks that all failed are that problem alone", async () => {
    const app = await startJobs({ runs: false, cog: scriptedPost().on("segmentation", FAULTS.failed) });
    const { image } = (await withPicture()) as { image: string };
    const job = await app.begin({ text: undefined, image, boxes: [{ box: [0, 0, 4, 4] }] }, {}, "/v1/segment");
    await app.run(job.id);
    const events = eventsOf(await (await read(app, job)).text());
    expect(events).toMatchObject([{ event: "problem", data: { code: "stage_failed", request_id: job.id } }]);
  });

  test("have the problems of an answer, also of one in which nothing was found", async () => {
    const cog = scriptedPost().on("mner", () => ({ model: "m", version: "1", mentions: [] }));
    const app = await startJobs({ runs: false, cog });
    const job = await app.begin();
    await runInDurableObject(env.JOBS.getByName(job.id), (_, { storage }) => {
      const event = { event: "problem", problem: { code: "script_not_covered" } };
      const statement = "INSERT INTO events (identity, event) VALUES ('problem', ?)";
      storage.sql.exec(statement, JSON.stringify(event));
    });
    await app.run(job.id);
    const events = eventsOf(await (await read(app, job)).text());
    expect(events.map(({ id, event }) => [id, event])).toEqual([
      [1, "problem"],
      [2, "end"],
    ]);
  });

  test("of a job that was deleted end with that behind its last finding, also for who goes on behind one", async () => {
    const app = await startJobs({ runs: false });
    const job = await app.begin();
    await app.run(job.id);
    const before = eventsOf(await (await read(app, job)).text());
    await app.send("DELETE", `/v1/jobs/${job.id}`);
    const end = before.length;
    for (const last of [0, 1, end - 1]) {
      const rest = eventsOf(await (await read(app, job, String(last))).text());
      expect(rest).toMatchObject([{ id: end, event: "problem", data: { code: "result_gone" } }]);
    }
    for (const last of [end, end + 1]) expect((await read(app, job, String(last))).status).toBe(204);
  });

  test("have a result with store: false deleted soon after they were read to the end, and not before", async () => {
    const app = await startJobs({ runs: false });
    const job = await app.begin({ store: false });
    await app.run(job.id);
    const kept = async () => {
      const { ended_at, expires_at } = (await (await app.send("GET", `/v1/jobs/${job.id}`)).json()) as JobAnswer;
      return Date.parse(expires_at ?? "") - Date.parse(ended_at ?? "");
    };
    expect(await kept()).toBe(3_600_000);
    const events = eventsOf(await (await read(app, job)).text());
    await expect.poll(kept).toBeLessThan(120_000);
    expect(events.at(-1)?.event).toBe("end");
    expect((await app.send("GET", `/v1/jobs/${job.id}/result`)).status).toBe(200);
    app.pass(90_000);
    await app.run(job.id);
    expect((await app.send("GET", `/v1/jobs/${job.id}/result`)).status).toBe(410);
  });

  test("of a job that is canceled while they are read end with that", async () => {
    const app = await startJobs({ cog: scriptedPost().on("mner", hang) });
    const job = await app.begin();
    const reading = read(app, job).then((response) => response.text());
    await app.send("DELETE", `/v1/jobs/${job.id}`);
    expect(eventsOf(await reading).at(-1)).toMatchObject({ event: "problem", data: { code: "result_gone" } });
    await app.settled();
  });

  test.each(["x", "-1", "1.5", "1".repeat(10)])("behind Last-Event-ID %s are refused", async (last) => {
    const app = await startJobs({ runs: false });
    const response = await read(app, await app.begin(), last);
    expect([response.status, (await readProblem(response)).code]).toEqual([422, "invalid_request"]);
  });

  test("are offered as an event stream only", async () => {
    const app = await startJobs({ runs: false });
    const { id } = await app.begin();
    expect((await app.send("GET", `/v1/jobs/${id}/events`, { accept: "application/json" })).status).toBe(406);
  });
});
