import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readEntries } from "../../../../scripts/batch/entries.ts";
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

async function send(posts: number) {
  const text = Array.from({ length: posts }, (_, index) => JSON.stringify({ text: `post ${index}` })).join("\n");
  const record = new BatchRecord(join(folder, "out.jsonl"), "input");
  const sleep = async () => undefined;
  const service = new Service({
    url: new URL(server.url),
    key: null,
    fetch: (input, init) => fetch(input, init),
    clock: () => (now += 60_000),
    tell: () => undefined,
    sleep,
  });
  let keys = record.batches.length;
  const isOver = await sendAll({
    entries: readEntries(text, null),
    record,
    service,
    maxConcurrent: "50",
    maxCost: null,
    newKey: () => `key-${++keys}`,
    progressed: () => undefined,
    sleep,
  });
  return { record, isOver };
}

test("more posts than one batch takes are several batches, and the next is sent before the former has ended", async () => {
  const { record, isOver } = await send(1_100);
  expect([record.done.size, record.failed, isOver]).toEqual([1_100, 0, false]);
  expect(record.batches.map(({ lines }) => lines.length)).toEqual([1_000, 100]);
  expect(server.asked.slice(0, 2)).toEqual(["POST /v1/batches", "POST /v1/batches"]);
});

test("posts of a batch that the service does not know are not sent again by themselves", async () => {
  await send(3);
  const record = new BatchRecord(join(folder, "out.jsonl"), "input");
  record.batches.splice(0, 1, { key: "old", id: `req_${"9".repeat(26)}`, lines: [4, 5], after: 0, ended: false });
  record.save();
  await expect(send(5)).rejects.toThrow("Check --endpoint and the key.");
  const { batches, done } = new BatchRecord(join(folder, "out.jsonl"), "input");
  expect(batches).toMatchObject([{ lines: [4, 5], ended: false }]);
  expect(done.size).toBe(3);
});

test("a service that is lost while its results are read is given up at last", async () => {
  await send(1);
  const record = new BatchRecord(join(folder, "out.jsonl"), "input");
  record.batches.push({ key: "other", id: `req_${"9".repeat(26)}`, lines: [2], after: 0, ended: false });
  record.save();
  await server.close();
  await expect(send(2)).rejects.toThrow("Given up after an hour");
  server = await startBatchServer();
});
