import { describe, expect, test, vi } from "vitest";
import type { JobAnswer } from "../../../../schemas/jobs.ts";
import { hang } from "../../../support/scripted-cog.ts";
import { conform, DESCRIBED } from "../../conform.ts";
import { readProblem, scriptedPost } from "../../harness.ts";
import { withPicture } from "../start-charged.ts";
import { startJobs } from "./job-harness.ts";

const NOT_BEGUN = `req_${"0".repeat(26)}`;
const ROUTES = [
  ["GET", ""],
  ["DELETE", ""],
  ["GET", "/events"],
  ["GET", "/result"],
] as const;

describe("who may see a job", () => {
  test.each(ROUTES)("%s …%s: its account; everybody else is told that there is none", async (method, rest) => {
    const [app, other] = [await startJobs({ runs: false }), await startJobs()];
    const { id } = await app.begin();
    const stream = { accept: "*/*" };
    const foreign = await app.app.fetch(`/v1/jobs/${id}${rest}`, { method, headers: { ...other.headers, ...stream } });
    const statuses = [foreign.status];
    for (const unknown of [NOT_BEGUN, "nothing", `${id}-99999`, `${id}%2F..`, "%00", "req_"]) {
      statuses.push((await app.send(method, `/v1/jobs/${unknown}${rest}`, stream)).status);
    }
    expect(statuses).toEqual(Array(7).fill(404));
    expect((await app.app.fetch(`/v1/jobs/${id}${rest}`, { method, headers: stream })).status).toBe(401);
    expect((await app.send("GET", `/v1/jobs/${id}`)).status).toBe(200);
  });

  test("a job that does not answer is a problem of its own", async () => {
    let down = false;
    const app = await startJobs({ runs: false, down: () => down });
    const { id } = await app.begin();
    down = true;
    for (const [method, rest] of ROUTES) {
      const response = await app.send(method, `/v1/jobs/${id}${rest}`, { accept: "*/*" });
      expect([response.status, (await readProblem(response)).code]).toEqual([503, "job_unavailable"]);
    }
  });
});

describe("GET /v1/jobs/{id}", () => {
  const described = (name: string) => DESCRIBED.find(({ operation }) => operation.operationId === name)?.operation;

  test("waits for the end as long as it is told", async () => {
    const app = await startJobs({ runs: false });
    const { id } = await app.begin();
    const waiting = app.send("GET", `/v1/jobs/${id}?wait=20`);
    await app.run(id);
    const response = await waiting;
    const operation = described("getJob");
    if (operation) await conform(operation, response.clone());
    expect(await response.json()).toMatchObject({ state: "succeeded", progress: { entities: [{ id: "e1" }, {}, {}] } });
    expect(response.headers.get("retry-after")).toBeNull();
  });

  test.each(["x", "-1", "61", "1.5", ""])("with wait=%s is refused", async (wait) => {
    const app = await startJobs({ runs: false });
    const { id } = await app.begin();
    expect((await app.send("GET", `/v1/jobs/${id}?wait=${wait}`)).status).toBe(422);
  });
});

test.each([
  ["its events were read", "/events", [1, 0]],
  ["its progress was shown", "", [1, 0]],
  ["nobody has looked at it", null, null],
] as const)("DELETE charges what was handed out of a job that runs: %s", async (_, looked, units) => {
  const app = await startJobs({ cog: scriptedPost().on("entailment", hang).on("grounding", hang) });
  const { id } = await app.begin(await withPicture());
  // Its names are known before its first model about the picture is asked.
  await vi.waitFor(() => expect(app.cog.calls.some(({ stage }) => stage === "entailment")).toBe(true));
  if (looked === "") await app.send("GET", `/v1/jobs/${id}`);
  const reading =
    looked === "/events" &&
    app.send("GET", `/v1/jobs/${id}/events`, { accept: "*/*" }).then((response) => response.text());
  // The stream asks for more when it has sent what is known.
  const asked = () => app.asked.filter((method) => method === "events").length;
  if (reading) await vi.waitFor(() => expect(asked()).toBe(2));
  const deleted = (await (await app.send("DELETE", `/v1/jobs/${id}`)).json()) as JobAnswer;
  expect(deleted).toMatchObject({ state: "canceled", expires_at: null, progress: { entities: [] } });
  const expected = units && { calls: units[0], entities: units[1], masks: 0 };
  expect(deleted.charge?.units ?? null).toEqual(expected);
  await reading;
  await app.settled();
  const told = (await (await app.send("GET", `/v1/jobs/${id}`)).json()) as JobAnswer;
  expect([told.charge, (await app.calls.balance()).reserved]).toEqual([deleted.charge, 0]);
});

test("DELETE of a job that has ended shows it as it is then", async () => {
  const app = await startJobs({ runs: false });
  const { id } = await app.begin();
  await app.run(id);
  const before = (await (await app.send("GET", `/v1/jobs/${id}`)).json()) as JobAnswer;
  const deleted = (await (await app.send("DELETE", `/v1/jobs/${id}`)).json()) as JobAnswer;
  expect(deleted).toEqual({ ...before, expires_at: null, progress: { ...before.progress, entities: [] } });
  expect((await app.send("GET", `/v1/jobs/${id}/result`)).status).toBe(410);
});

test("DELETE cancels once, and again changes nothing", async () => {
  const app = await startJobs({ runs: false });
  const { id } = await app.begin();
  const answers = [];
  for (let times = 0; times < 2; times++)
    answers.push((await (await app.send("DELETE", `/v1/jobs/${id}`)).json()) as JobAnswer);
  expect(answers.map(({ state, expires_at }) => [state, expires_at])).toEqual([
    ["canceled", null],
    ["canceled", null],
  ]);
  await app.run(id);
  expect([app.cog.calls, (await app.calls.balance()).reserved]).toEqual([[], 0]);
});
