import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { BatchAnswer, BatchResult } from "../../../schemas/batches.ts";
import { startWithKeys } from "../account-harness.ts";
import { conform, DESCRIBED } from "../conform.ts";
import { startApp } from "../harness.ts";

const POST = JSON.stringify({ text: "Eileen Collins", id: "a", deadline_ms: 500 });
const lines = { "content-type": "application/x-ndjson" };

/** A response that is as the OpenAPI document says. */
async function checked(id: string, response: Response): Promise<Response> {
  const { operation } = DESCRIBED.find(({ operation }) => operation.operationId === id) ?? {};
  if (!operation) throw new Error(`no operation ${id}`);
  await conform(operation, response.clone());
  return response;
}
const read = async (response: Response) => BatchAnswer.parse(await response.json());

test("a batch runs as real jobs to its end, and its results and answers are as the document says", async () => {
  // Its jobs find no models here: that they end is what a batch is about.
  const app = startApp();
  const posted = await app.fetch("/v1/batches", { method: "POST", headers: lines, body: `${POST}\nno JSON\n${POST}` });
  const { id, counts } = await read(await checked("createBatch", posted));
  expect([posted.status, counts.invalid]).toEqual([202, 1]);
  const ended = await checked("getBatch", await app.fetch(`/v1/batches/${id}?wait=10`));
  expect(await read(ended)).toMatchObject({ state: "ended", counts: { waiting: 0, running: 0, invalid: 1 } });
  const response = await checked("getBatchResults", await app.fetch(`/v1/batches/${id}/results`));
  const results = (await response.text()).trim().split("\n");
  expect(results.map((line) => BatchResult.parse(JSON.parse(line)).line).toSorted()).toEqual([1, 2, 3]);
  const canceled = await checked("cancelBatch", await app.fetch(`/v1/batches/${id}`, { method: "DELETE" }));
  expect((await read(canceled)).state).toBe("ended");
  expect(await env.JOBS.getByName(`${id}-1`).facts(0)).toMatchObject({
    order: { reference: "a", batch: { id, line: 1 } },
  });
});

test.each([
  ["createBatch", "POST", "/v1/batches", 415],
  ["createBatch", "POST", "/v1/batches?max_concurrent=0", 422],
  ["getBatch", "GET", "/v1/batches/nothing", 404],
  ["getBatch", "GET", `/v1/batches/req_${"0".repeat(26)}?wait=x`, 422],
  ["getBatchResults", "GET", "/v1/batches/nothing/results", 404],
  ["cancelBatch", "DELETE", "/v1/batches/nothing", 404],
])("%s: %s %s is refused with %i, as the document says", async (id, method, path, status) => {
  const response = await startApp().fetch(path, { method });
  expect((await checked(id, response)).status).toBe(status);
});

test("a batch belongs to its account: another one's key does not find it", async () => {
  const app = startWithKeys();
  const [owner, other] = [await app.createAccount(), await app.createAccount()];
  const authorization = `Bearer ${owner.key}`;
  const posted = await app.fetch("/v1/batches", {
    method: "POST",
    headers: { ...lines, authorization },
    body: "no JSON",
  });
  const { id } = await read(await checked("createBatch", posted));
  for (const [path, method] of [
    ["", "GET"],
    ["/results", "GET"],
    ["", "DELETE"],
  ] as const) {
    expect((await app.send(method, `/v1/batches/${id}${path}`, other.key)).status).toBe(404);
    expect((await app.send(method, `/v1/batches/${id}${path}`, owner.key)).status).toBe(200);
  }
});
