import { expect, test } from "vitest";
import { LIMITS } from "../../../../schemas/limits.ts";
import { readBatch } from "../../../../src/jobs/batches/read-batch.ts";
import { MemoryBudget } from "../../../../src/resilience/memory-budget.ts";

const open = (total?: number) => new MemoryBudget(() => 0, total).open(1_000);
const request = (body: BodyInit, type?: string) =>
  new Request("https://namesight.test/", {
    method: "POST",
    body,
    ...(type ? { headers: { "content-type": type } } : {}),
  });
const read = (body: BodyInit, type?: string, claim = open()) =>
  readBatch(request(body, type), new AbortController().signal, claim);

test.each(["application/x-ndjson", "application/jsonl; charset=utf-8", "application/x-jsonlines"])(
  "lines as %s",
  async (type) => {
    expect(await read("{}\r\n\n[]\n", type)).toEqual({ lines: ["{}\r", "[]"], files: null });
  },
);

test("a form has its lines in the part posts; every other part is a file", async () => {
  const form = new FormData();
  form.set("posts", new Blob(["{}\n{}"], { type: "application/x-ndjson" }), "posts.jsonl");
  form.set("cat", new Blob(["cat"]), "a.png");
  const { lines, files } = await read(form);
  expect([lines, [...(files ?? [])].map(([name, bytes]) => [name, bytes.length])]).toEqual([
    ["{}", "{}"],
    [["cat", 3]],
  ]);
});

test("a form may have as many files as a batch has posts", async () => {
  const form = new FormData();
  form.set("posts", "{}");
  for (let file = 0; file < LIMITS.batchPosts; file++) form.set(`f${file}`, new Blob(["x"]), "x");
  expect((await read(form)).files?.size).toBe(LIMITS.batchPosts);
  form.set("one more", new Blob(["x"]), "x");
  await expect(read(form)).rejects.toMatchObject({ code: "invalid_request" });
});

test("a body that is too large is refused, and one for which there is no memory", async () => {
  const large = "x".repeat(LIMITS.bodyBytes + 1);
  await expect(read(large, "application/jsonl")).rejects.toMatchObject({ code: "body_too_large" });
  const claims = new MemoryBudget(() => 0, 1_000_000);
  claims.open(1_000).grow(300_000);
  const second = claims.open(1_000);
  await expect(read("x".repeat(400_000), "application/jsonl", second)).rejects.toMatchObject({ code: "overloaded" });
});
