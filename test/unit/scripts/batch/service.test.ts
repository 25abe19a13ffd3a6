import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, onTestFinished, test } from "vitest";
import { Refused } from "../../../../scripts/batch/fault.ts";
import { Service, Unreachable } from "../../../../scripts/batch/service.ts";
import { type BatchServer, startBatchServer } from "../../../support/batches/batch-server.ts";

let server: BatchServer;
let waits: number[];
let told: string[];
let service: Service;
beforeEach(async () => {
  server = await startBatchServer();
  waits = [];
  told = [];
  open = 0;
  const sleep = async (milliseconds: number) => void waits.push(milliseconds);
  service = new Service({
    url: new URL(server.url),
    key: "nk",
    fetch: (input, init) => fetch(input, init),
    clock: () => waits.reduce((sum, wait) => sum + wait, 0),
    tell: (sentence) => void told.push(sentence.replace(server.url, "URL")),
    sleep,
  });
});
afterEach(() => server.close());

/** How many requests to create a batch may have begun one. */
let open = 0;
const count = (change: number) => {
  open += change;
};
const create = () => service.create(() => '{"text":"a"}\n{"text":"b"}\n', "application/x-ndjson", "key-1", null, count);

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
  // None of the four says that it did nothing.
  expect(open).toBe(4);
  expect(waits).toEqual([1_000, 2_000, 5_000]);
  expect(told).toEqual(["URL answers with 500. Trying again, for up to 60 minutes.", "URL answers again."]);
});

test("a refusal is thrown with what the service says", async () => {
  const refused = await service.get("req_00000000000000000000000000").catch((error) => error);
  expect(refused).toBeInstanceOf(Refused);
  expect([refused.status, refused.message]).toEqual([404, expect.stringContaining("no such batch")]);
});

test.each([301, 307])("a redirect with %i is refused: neither the posts nor the key go on", async (status) => {
  const redirecting = createServer((request, response) => {
    request.resume().on("end", () => response.writeHead(status, { location: `${server.url}${request.url}` }).end());
  });
  onTestFinished(() => void redirecting.close());
  await new Promise<void>((listening) => redirecting.listen(0, "127.0.0.1", listening));
  const { port } = redirecting.address() as AddressInfo;
  const options = { key: "nk", fetch, clock: () => 0, tell: () => {}, sleep: async () => {} };
  const elsewhere = new Service({ url: new URL(`http://127.0.0.1:${port}`), ...options });
  const message = `does not answer as Namesight does. It answered with ${status}: check --endpoint`;
  await expect(elsewhere.get("req_1")).rejects.toThrow(message);
  const creating = elsewhere.create(() => '{"text":"a"}\n', "application/x-ndjson", "key-1", null, count);
  await expect(creating).rejects.toThrow(message);
  expect(server.asked).toEqual([]);
});

test("a service that is not there is asked for an hour: somebody is told after 3 s, and why at last", async () => {
  await server.close();
  const error = await create().catch((thrown) => thrown);
  expect(error).toBeInstanceOf(Unreachable);
  expect(open).toBe(0);
  expect(error.message).toMatch(/^http:.* cannot be reached \(connect ECONNREFUSED .*\)\. Given up after an hour\. /);
  expect(waits.reduce((sum, wait) => sum + wait, 0)).toBeGreaterThanOrEqual(60 * 60 * 1000);
  expect(told).toEqual([
    expect.stringMatching(/^URL cannot be reached \(connect ECONNREFUSED .*\)\. Trying again, for up to 60 minutes\.$/),
  ]);
  server = await startBatchServer();
});

test.each([200, 202, 204, 404, 403])("what is no Namesight is refused at once, and named (%s)", async (status) => {
  const url = new URL("https://elsewhere.example");
  const page = async () => new Response(status === 204 ? null : "<html>\n", { status });
  const elsewhere = new Service({
    url,
    key: null,
    fetch: page,
    clock: () => 0,
    tell: () => undefined,
    sleep: async () => undefined,
  });
  const sentence = `https://elsewhere.example does not answer as Namesight does. It answered with ${status}`;
  await expect(elsewhere.get("req_1")).rejects.toThrow(sentence);
  await expect(elsewhere.create(() => "{}", null, "key-1", null, count)).rejects.toThrow(sentence);
  // Another version of Namesight may have accepted it.
  expect(open).toBe(status === 202 ? 1 : 0);
  const read = async () => {
    for await (const result of elsewhere.results("req_1", 0)) throw new Error(`took ${result.number}`);
  };
  if (status !== 204) await expect(read()).rejects.toThrow(sentence);
});

test("a service of an older version, whose results do not say what they cost, is refused at once", async () => {
  const older = new Service({
    url: new URL("https://older.example"),
    key: null,
    fetch: async () => new Response('{"number":1,"line":1,"state":"failed","answer":null,"problem":null}\n'),
    clock: () => 0,
    tell: () => undefined,
    sleep: async () => undefined,
  });
  const read = async () => {
    for await (const result of older.results("req_1", 0)) throw new Error(`took ${result.number}`);
  };
  await expect(read()).rejects.toThrow("https://older.example runs another version of Namesight");
});
