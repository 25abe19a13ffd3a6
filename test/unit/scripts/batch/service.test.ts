import { afterEach, beforeEach, expect, test } from "vitest";
import { Refused, Service } from "../../../../scripts/batch/service.ts";
import { type BatchServer, startBatchServer } from "../../../support/batches/batch-server.ts";

let server: BatchServer;
let waits: number[];
let service: Service;
beforeEach(async () => {
  server = await startBatchServer();
  waits = [];
  const sleep = async (milliseconds: number) => void waits.push(milliseconds);
  service = new Service({ url: new URL(server.url), key: "nk", fetch: (input, init) => fetch(input, init), sleep });
});
afterEach(() => server.close());

const create = () => service.create(() => '{"text":"a"}\n{"text":"b"}\n', "application/x-ndjson", "key-1", null);

test("a batch is created once, and its results are read to their end", async () => {
  const { id } = await create();
  expect((await create()).id).toBe(id);
  const lines: number[] = [];
  for await (const { line } of service.results(id, 0)) lines.push(line);
  expect(lines).toEqual([1, 2]);
  expect((await service.get(id)).state).toBe("ended");
  expect((await service.cancel(id)).counts.succeeded).toBe(2);
});

test("what may pass is asked again, with longer waits", async () => {
  server.statuses.push(503, 429, 500);
  await create();
  expect(waits).toEqual([1_000, 2_000, 5_000]);
});

test("a refusal is thrown with what the service says", async () => {
  const refused = await service.get("req_00000000000000000000000000").catch((error) => error);
  expect(refused).toBeInstanceOf(Refused);
  expect([refused.status, refused.message]).toEqual([404, expect.stringContaining("no such batch")]);
});

test("a service that is not there is asked again, and given up at last", async () => {
  await server.close();
  await expect(create()).rejects.toThrow("fetch failed");
  expect(waits).toHaveLength(119);
  server = await startBatchServer();
});
