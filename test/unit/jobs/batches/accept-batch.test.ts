import { expect, test } from "vitest";
import type { BatchParameters } from "../../../../schemas/batches.ts";
import { acceptLines, digestOf } from "../../../../src/jobs/batches/accept-batch.ts";
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

test("lines stay in their order, and their files are stored for their jobs", async () => {
  const cat = await blackPng(4, 3);
  const stored: string[] = [];
  const put = async (account: string, job: string) => void stored.push(`${account} ${job}`);
  const lines = ['{"text":"a","image":"cat"}', "no JSON", '{"text":"b"}', '{"text":"c","image":"cat"}'];
  const accepted = await acceptLines(
    { lines, files: new Map([["cat", cat]]) },
    { id: "req_1", account: "newsroom", deadlineMs: 5_000 },
    { put },
    new AbortController().signal,
  );
  expect(accepted.map((line) => ("problem" in line ? "invalid" : [line.image?.kind ?? null, line.deadlineMs]))).toEqual(
    [["stored", 5_000], "invalid", [null, 5_000], ["stored", 5_000]],
  );
  expect(stored.toSorted()).toEqual(["newsroom req_1-1", "newsroom req_1-4"]);
});

test("a store that fails, or does not answer in time, fails the request", async () => {
  const body = { lines: ['{"text":"a","image":"cat"}'], files: new Map([["cat", await blackPng(4, 3)]]) };
  const batch = { id: "req_1", account: "newsroom" };
  const fails = { put: () => Promise.reject(new Error("R2 is away")) };
  await expect(acceptLines(body, batch, fails, new AbortController().signal)).rejects.toThrow("R2 is away");
  const hangs = { put: () => new Promise<void>(() => undefined) };
  await expect(acceptLines(body, batch, hangs, AbortSignal.abort(new Error("late")))).rejects.toThrow("late");
});
