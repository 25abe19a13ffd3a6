import { describe, expect, test } from "vitest";
import type { JobAnswer } from "../../../../schemas/jobs.ts";
import { conform, DESCRIBED } from "../../conform.ts";
import { readProblem } from "../../harness.ts";
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
