import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { cancelAll } from "../../../../scripts/batch/cancel-all.ts";
import { readEntries } from "../../../../scripts/batch/entries.ts";
import { Record as BatchRecord } from "../../../../scripts/batch/record.ts";
import { Service } from "../../../../scripts/batch/service.ts";
import { type BatchServer, startBatchServer } from "../../../support/batches/batch-server.ts";

let server: BatchServer;
let folder: string;
let record: BatchRecord;
let told: string[];
beforeEach(async () => {
  server = await startBatchServer();
  folder = mkdtempSync(join(tmpdir(), "namesight-cancel-"));
  record = new BatchRecord(join(folder, "out.jsonl"), { input: "input", endpoint: server.url, caller: null });
  told = [];
});
afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

const service = () =>
  new Service({
    url: new URL(server.url),
    key: null,
    fetch: (input, init) => fetch(input, init),
    clock: () => 0,
    tell: () => undefined,
    sleep: async () => undefined,
  });
const cancel = (text: string) => {
  const entries = readEntries(text, folder);
  return cancelAll({ entries, record, service: service(), tell: (sentence) => void told.push(sentence) });
};
const POSTS = '{"text":"a"}\n\n{"text":"b"}\n';
const batches = async () => Promise.all([...server.app.batches.values()].map(({ state }) => state.facts(0)));

test("a batch whose answer was lost is found by its Idempotency-Key, and canceled", async () => {
  record.add({ key: "one", lines: [1, 3], max_concurrent: "7" });
  const headers = { "idempotency-key": "one" };
  await server.app.post('{"text":"a"}\n{"text":"b"}\n', "?max_concurrent=7", headers);
  expect(await cancel(POSTS)).toBe(0);
  const [batch, ...more] = await batches();
  expect(batch).toMatchObject({ canceledAt: expect.any(Number), maxConcurrent: 7 });
  expect(more).toEqual([]);
  expect(told).toEqual([`${batch?.id}: canceled; 0 of its posts have an answer.`]);
  expect(record.batches).toMatchObject([{ id: batch?.id, ended: false }]);
});

test("what cannot be canceled is told with the reason, and the others are canceled", async () => {
  record.add({ key: "gone", lines: [1], max_concurrent: null }).id = `req_${"9".repeat(26)}`;
  record.add({ key: "two", lines: [3], max_concurrent: null });
  expect(await cancel(POSTS)).toBe(1);
  expect(told).toEqual([
    expect.stringMatching(/^req_9+ was not canceled: .*no such batch/),
    expect.stringMatching(/^req_\w+: canceled; 0 of its posts have an answer\.$/),
  ]);
});

test("a batch whose answer was lost, and whose picture is gone, is named by its lines", async () => {
  record.add({ key: "one", lines: [1, 3], max_concurrent: null });
  expect(await cancel('{"text":"a"}\n\n{"text":"b","image":"gone.png"}')).toBe(1);
  expect(told).toEqual([
    "The batch of lines 1 to 3 was not canceled: The answer to it was lost, and it cannot be sent again as it was, " +
      'because of line 3: /image names "gone.png", and there is no such file under --images.',
  ]);
  expect(server.asked).toEqual([]);
});

test("a batch that has ended meanwhile is told as such", async () => {
  const posted = await server.app.post("no JSON", "", { "idempotency-key": "one" });
  record.add({ key: "one", lines: [1], max_concurrent: null }).id = ((await posted.json()) as { id: string }).id;
  expect(await cancel(POSTS)).toBe(0);
  expect(told).toEqual([expect.stringMatching(/^req_\w+: had ended before; 0 of its posts have an answer\.$/)]);
});
