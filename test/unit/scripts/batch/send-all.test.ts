import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { BatchAnswer } from "../../../../schemas/batches.ts";
import { type Entry, readEntries } from "../../../../scripts/batch/entries.ts";
import { Record as BatchRecord } from "../../../../scripts/batch/record.ts";
import { sendAll } from "../../../../scripts/batch/send-all.ts";
import { Service } from "../../../../scripts/batch/service.ts";
import { type BatchServer, startBatchServer } from "../../../support/batches/batch-server.ts";

let server: BatchServer;
let folder: string;
let now = 0;
beforeEach(async () => {
  server = await startBatchServer();
  folder = mkdtempSync(join(tmpdir(), "namesight-send-"));
});
afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

const recordAt = () =>
  new BatchRecord(join(folder, "out.jsonl"), { input: "input", endpoint: server.url, caller: null });

/** Adds a batch whose answer was lost. */
function addLost(record: BatchRecord, lines: number[]) {
  const batch = record.add({ key: "lost", lines, max_concurrent: null });
  batch.unanswered = 1;
  record.save();
  return batch;
}

interface SendOptions {
  readonly fetchIn?: typeof fetch;
  readonly maxCost?: number;
  readonly maxConcurrent?: string;
}

async function send(
  posts: number,
  { maxCost, maxConcurrent = "50", fetchIn = fetch }: SendOptions = {},
  entries?: Entry[],
) {
  const text = Array.from({ length: posts }, (_, index) => JSON.stringify({ text: `post ${index}` })).join("\n");
  const record = recordAt();
  const sleep = async () => undefined;
  const service = new Service({
    url: new URL(server.url),
    key: null,
    fetch: (input, init) => fetchIn(input, init),
    clock: () => (now += 60_000),
    tell: () => undefined,
    sleep,
  });
  let keys = record.batches.length;
  const isOver = await sendAll({
    entries: entries ?? readEntries(text, null),
    record,
    service,
    maxConcurrent,
    maxCost: maxCost ?? null,
    newKey: () => `key-${++keys}`,
    progressed: () => undefined,
    sleep,
  });
  return { record, isOver };
}

test("more posts than one batch takes are several batches, and the next is sent before the former has ended", async () => {
  const second = Promise.withResolvers<void>();
  let posts = 0;
  const fetchIn: typeof fetch = async (input, init) => {
    if (init?.method === "POST" && ++posts === 2) second.resolve();
    // No batch has ended before its results are read.
    if (String(input).includes("/results")) await second.promise;
    return fetch(input, init);
  };
  const { record, isOver } = await send(1_100, { fetchIn });
  expect([record.done.size, record.failed, isOver]).toEqual([1_100, 0, false]);
  expect(record.batches.map(({ lines }) => lines.length)).toEqual([1_000, 100]);
  expect(posts).toBe(2);
});

test("posts of a batch that the service does not know are not sent again by themselves", async () => {
  await send(3);
  const record = recordAt();
  record.batches.splice(0);
  record.add({ key: "old", lines: [4, 5], max_concurrent: null }).id = `req_${"9".repeat(26)}`;
  record.save();
  await expect(send(5)).rejects.toThrow("Check --endpoint and the key.");
  const { batches, done } = recordAt();
  expect(batches).toMatchObject([{ lines: [4, 5], ended: false }]);
  expect(done.size).toBe(3);
});

test("a service that is lost while its results are read is given up at last", async () => {
  await send(1);
  const record = recordAt();
  record.add({ key: "other", lines: [2], max_concurrent: null }).id = `req_${"9".repeat(26)}`;
  record.save();
  await server.close();
  await expect(send(2)).rejects.toThrow("Given up after an hour");
  server = await startBatchServer();
});

test("a batch whose answer was lost is sent again as it was, whatever was asked for since", async () => {
  await send(2, { maxConcurrent: "3" });
  const before = recordAt();
  Object.assign(before.batches[0] ?? {}, { id: null, after: 0, ended: false });
  before.save();
  const { record } = await send(2, { maxConcurrent: "50" });
  expect(record.batches).toMatchObject([{ max_concurrent: "3", ended: true }]);
  expect(server.app.batches.size).toBe(1);
});

test("nothing is sent once the answers cost too much, also no batch whose answer was lost", async () => {
  await send(2);
  addLost(recordAt(), [3]);
  server.asked.splice(0);
  const { record, isOver } = await send(4, { maxCost: 3_000_000 });
  expect([isOver, server.asked, record.done.size]).toEqual([true, [], 2]);
});

test("what still runs is canceled when the answers cost too much from the start", async () => {
  await send(2);
  const before = recordAt();
  const batch = before.add({ key: "running", lines: [3, 4, 5], max_concurrent: null });
  const body = '{"text":"post 2"}\n{"text":"post 3"}\n{"text":"post 4"}\n';
  const headers = { "idempotency-key": "running" };
  batch.id = BatchAnswer.parse(await (await server.app.post(body, "", headers)).json()).id;
  before.save();
  server.asked.splice(0);
  const { record } = await send(5, { maxCost: 3_000_000 });
  expect(server.asked[0]).toBe(`DELETE /v1/batches/${batch.id}`);
  expect([record.done.size, record.failed]).toEqual([5, 3]);
});

test("a post that was sent gets its result, also when its picture is no longer there", async () => {
  await send(1);
  const before = recordAt();
  Object.assign(before.batches[0] ?? {}, { after: 0, ended: false });
  rmSync(join(folder, "out.jsonl"));
  before.save();
  const entries = readEntries('{"text":"post 0","image":"gone.png"}', folder);
  const { record } = await send(1, {}, entries);
  expect([record.done.size, record.failed]).toEqual([1, 0]);
});

test("a batch whose answer was lost cannot be sent again without its pictures, and says so", async () => {
  addLost(recordAt(), [1]);
  const entries = readEntries('{"text":"post 0","image":"gone.png"}', folder);
  await expect(send(1, {}, entries)).rejects.toThrow('because of line 1: /image names "gone.png"');
  expect(server.asked).toEqual([]);
});

describe("when the service refuses", () => {
  const problem = { code: "key_invalid", title: "The key is not valid" };
  const refusing = (asked: string[]) => async (_: unknown, init?: RequestInit) => {
    asked.push(String(init?.method));
    return Response.json(problem, { status: 401 });
  };

  test("nothing was sent, also of the posts behind the first batch", async () => {
    const asked: string[] = [];
    await expect(send(1_100, { fetchIn: refusing(asked) })).rejects.toThrow("The key is not valid");
    expect(asked).toEqual(["POST"]);
    const { batches, hasSent } = recordAt();
    expect([batches, hasSent]).toEqual([[], false]);
  });

  test("a batch whose answer was lost before may run all the same", async () => {
    addLost(recordAt(), [1]);
    await expect(send(1, { fetchIn: refusing([]) })).rejects.toThrow("The key is not valid");
    expect(recordAt().batches).toMatchObject([{ key: "lost", unanswered: 1 }]);
  });
});

test("nothing was sent to an address that nobody listens at", async () => {
  await server.close();
  await expect(send(1)).rejects.toThrow("ECONNREFUSED");
  expect(recordAt().hasSent).toBe(false);
  server = await startBatchServer();
});

test("a batch may have been sent while its request has no answer", async () => {
  const fetchIn = async () => {
    expect(recordAt().batches).toMatchObject([{ id: null, unanswered: 1 }]);
    return new Response(null, { status: 404 });
  };
  await expect(send(1, { fetchIn })).rejects.toThrow("does not answer as Namesight does");
  expect(recordAt().hasSent).toBe(false);
});

test("results that need no request are known to the next process", async () => {
  const entries = readEntries("{", null);
  expect((await send(1, {}, entries)).record.done.size).toBe(1);
  expect((await send(1, {}, entries)).record.done.size).toBe(1);
  expect(server.asked).toEqual([]);
});
