import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import type { JobAnswer } from "../../../schemas/jobs.ts";
import { readProblem } from "../harness.ts";
import { startJobs } from "./jobs/job-harness.ts";
import { withPicture } from "./start-charged.ts";

describe("DELETE /v1/requests/{id}", () => {
  test("deletes what a job left as soon as the job has answered, and waits until the account has heard of it", async () => {
    const held = Promise.withResolvers<void>();
    const before = async (method: string) => {
      if (method === "settled") held.resolve();
    };
    const app = await startJobs({ before, variables: { ACCOUNTS: accounts(held.promise) } });
    const response = await app.post(await withPicture(), { prefer: "wait=10" });
    const { id } = (await response.json()) as JobAnswer;
    expect(response.status).toBe(200);
    expect((await app.send("DELETE", `/v1/requests/${id}`)).status).toBe(204);
    expect((await env.MASKS.list({ prefix: `masks/${app.name}` })).objects).toEqual([]);
    await app.settled();
  });

  test("deletes what a job keeps: its result, its events and the answer to a repeat are gone", async () => {
    const app = await startJobs();
    const headers = { prefer: "respond-async", "idempotency-key": "one" };
    const { id } = await app.begin(await withPicture(), headers);
    await app.settled();
    expect((await app.send("DELETE", `/v1/requests/${id}`)).status).toBe(204);
    const result = await readProblem(await app.send("GET", `/v1/jobs/${id}/result`));
    const events = await (await app.send("GET", `/v1/jobs/${id}/events`, { accept: "text/event-stream" })).text();
    const repeat = await readProblem(await app.post(await withPicture(), headers));
    expect([result.code, repeat.code, repeat.first_request_id]).toEqual(["result_gone", "answer_not_kept", id]);
    expect(events.match(/^event: .*/gm)).toEqual(["event: problem"]);
    expect(events).not.toContain("Collins");
    // What is left of the deletion changes nothing, and neither does a second one.
    await app.run(id);
    expect((await app.send("DELETE", `/v1/requests/${id}`)).status).toBe(204);
    expect((await env.MASKS.list({ prefix: `masks/${app.name}` })).objects).toEqual([]);
  });

  test("deletes nothing of another account's job", async () => {
    const [app, other] = [await startJobs(), await startJobs()];
    const { id } = await app.begin();
    await app.settled();
    expect((await other.send("DELETE", `/v1/requests/${id}`)).status).toBe(204);
    expect((await app.send("GET", `/v1/jobs/${id}/result`)).status).toBe(200);
  });

  test("is refused for a job that runs, and the job goes on", async () => {
    const app = await startJobs({ runs: false });
    const { id } = await app.begin();
    const problem = await readProblem(await app.send("DELETE", `/v1/requests/${id}`));
    expect(problem).toMatchObject({ code: "request_in_flight", first_request_id: id });
    await app.run(id);
    expect((await app.send("GET", `/v1/jobs/${id}/result`)).status).toBe(200);
  });

  test.each(["facts", "cancel"])(
    "is refused for a job that does not answer %s, and can be repeated",
    async (method) => {
      let isDown = false;
      const app = await startJobs({ down: (asked) => isDown && asked === method });
      const { id } = await app.begin();
      await app.settled();
      isDown = true;
      const problem = await readProblem(await app.send("DELETE", `/v1/requests/${id}`));
      expect(problem.code).toBe("job_unavailable");
      isDown = false;
      expect((await app.send("DELETE", `/v1/requests/${id}`)).status).toBe(204);
      expect((await app.send("GET", `/v1/jobs/${id}/result`)).status).toBe(410);
    },
  );

  test("takes the id of a batch's post, and no other text", async () => {
    const app = await startJobs();
    const id = `req_${"0".repeat(26)}`;
    const statuses = [];
    for (const asked of [`${id}-1`, `${id}-9999`, `${id}-`, `${id}-x`, "req_x"]) {
      statuses.push((await app.send("DELETE", `/v1/requests/${asked}`)).status);
    }
    expect(statuses).toEqual([204, 204, 404, 404, 404]);
  });
});

/** The accounts, which hear of no delivery until a promise resolves. */
function accounts(held: Promise<void>) {
  const call =
    (name: string, method: string) =>
    async (...values: readonly unknown[]) => {
      if (method === "settle") await held;
      const stub = env.ACCOUNTS.getByName(name) as unknown as Record<
        string,
        (...values: readonly unknown[]) => unknown
      >;
      return stub[method]?.(...values);
    };
  return {
    getByName: (name: string) => new Proxy({}, { get: (_, method) => call(name, String(method)) }),
  };
}
