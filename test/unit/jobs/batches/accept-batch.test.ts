import { expect, test } from "vitest";
import type { BatchParameters } from "../../../../schemas/batches.ts";
import { acceptLines, BatchPictures, digestOf } from "../../../../src/jobs/batches/accept-batch.ts";
import { blackPng } from "../../../support/png.ts";

const PARAMETERS: BatchParameters = { max_concurrent: 5 };
const bytes = (text: string) => new TextEncoder().encode(text);

test("the digest is of lines, files and parameters, in whatever order the files come", async () => {
  const lines = ["{}"];
  const [a, b] = [["a", bytes("1")] as const, ["b", bytes("2")] as const];
  const digest = await digestOf({ lines, files: new Map([a, b]) }, PARAMETERS);
  expect(await digestOf({ lines, files: new Map([b, a]) }, PARAMETERS)).toBe(digest);
  const others = await Promise.all([
    digestOf({ lines: ["{ }"], files: new Map([a, b]) }, PARAMETERS),
    digestOf({ lines, files: new Map([a]) }, PARAMETERS),
    digestOf(
      {
        lines,
        files: new Map([
          ["a", bytes("2")],
          ["b", bytes("1")],
        ]),
      },
      PARAMETERS,
    ),
    digestOf({ lines, files: new Map([a, b]) }, { max_concurrent: 6 }),
  ]);
  expect(new Set([digest, ...others]).size).toBe(5);
});

const never = new AbortController().signal;

/** A store of pictures in memory, by their account and name. */
class MemoryPictures {
  readonly stored = new Set<string>();
  before: (job: string) => Promise<void> = async () => undefined;

  async put(account: string, job: string): Promise<void> {
    await this.before(job);
    this.stored.add(`${account} ${job}`);
  }

  async delete(account: string, jobs: readonly string[]): Promise<void> {
    for (const job of jobs) this.stored.delete(`${account} ${job}`);
  }
}

test("lines stay in their order, and their files are stored for their jobs", async () => {
  const cat = await blackPng(4, 3);
  const store = new MemoryPictures();
  const lines = ['{"text":"a","image":"cat"}', "no JSON", '{"text":"b"}', '{"text":"c","image":"cat"}'];
  const accepted = await acceptLines(
    { lines, files: new Map([["cat", cat]]) },
    { id: "req_1", deadlineMs: 5_000 },
    new BatchPictures(store, "newsroom"),
    never,
  );
  expect(accepted.map((line) => ("problem" in line ? "invalid" : [line.image?.kind ?? null, line.deadlineMs]))).toEqual(
    [["stored", 5_000], "invalid", [null, 5_000], ["stored", 5_000]],
  );
  expect([...store.stored].toSorted()).toEqual(["newsroom req_1-1", "newsroom req_1-4"]);
});

test("a store that fails, or does not answer in time, fails the request", async () => {
  const body = { lines: ['{"text":"a","image":"cat"}'], files: new Map([["cat", await blackPng(4, 3)]]) };
  const fails = { put: () => Promise.reject(new Error("R2 is away")) };
  await expect(acceptLines(body, { id: "req_1" }, fails, never)).rejects.toThrow("R2 is away");
  const hangs = { put: () => new Promise<void>(() => undefined) };
  await expect(acceptLines(body, { id: "req_1" }, hangs, AbortSignal.abort(new Error("late")))).rejects.toThrow("late");
});

test("all pictures of a request are deleted, also one that is stored after the request has failed", async () => {
  const store = new MemoryPictures();
  const slow = Promise.withResolvers<void>();
  store.before = async (job) => {
    if (job === "req_1-1") await slow.promise;
    if (job === "req_1-2") throw new Error("R2 is away");
  };
  const lines = Array.from({ length: 3 }, () => '{"text":"a","image":"cat"}');
  const pictures = new BatchPictures(store, "newsroom");
  const late = new AbortController();
  const accepting = acceptLines(
    { lines, files: new Map([["cat", await blackPng(4, 3)]]) },
    { id: "req_1" },
    pictures,
    late.signal,
  );
  const failed = expect(accepting).rejects.toThrow("R2 is away");
  await expect.poll(() => [...store.stored]).toEqual(["newsroom req_1-3"]);
  late.abort(new Error("late"));
  await failed;
  const deleted = pictures.delete();
  slow.resolve();
  await deleted;
  expect([...store.stored]).toEqual([]);
});
