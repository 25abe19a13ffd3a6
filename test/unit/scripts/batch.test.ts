import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type BatchServer, startBatchServer } from "../../support/batches/batch-server.ts";
import { blackPng } from "../../support/png.ts";

let folder: string;
let server: BatchServer;
const children: ChildProcess[] = [];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "namesight-batch-"));
  server = await startBatchServer();
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  await server.close();
  rmSync(folder, { recursive: true });
});

/** Starts the command on a file of these posts. */
function start(posts: readonly unknown[], ...more: string[]) {
  return startAt(["--endpoint", server.url], posts, ...more);
}
function startAt(endpoint: readonly string[], posts: readonly unknown[], ...more: string[]) {
  const [file, out] = [join(folder, "posts.jsonl"), join(folder, "out.jsonl")];
  writeFileSync(file, posts.map((post) => `${typeof post === "string" ? post : JSON.stringify(post)}\n`).join(""));
  const options = ["--out", out, ...endpoint, ...more];
  const command = ["--disable-warning=ExperimentalWarning", "scripts/batch.ts", file, ...options];
  // No stack starts with this model.
  const env = { ...process.env, MNER: "none" };
  const child = spawn(process.execPath, command, { env, stdio: ["ignore", "pipe", "pipe"] });
  children.push(child);
  let told = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    told += text;
  });
  const status = once(child, "close").then(([code]) => code as number | null);
  return { child, status, told: () => told };
}
const results = () =>
  readFileSync(join(folder, "out.jsonl"), "utf8")
    .split("\n")
    .flatMap((line) => (line === "" ? [] : [JSON.parse(line)]));

test("0 when every post has an answer, each a line with the number of its line in the file", async () => {
  writeFileSync(join(folder, "cat.png"), await blackPng(4, 3));
  const posts = [
    { text: "Eileen Collins", id: "a" },
    { text: "Felix", image: "cat.png" },
  ];
  const { status, told } = start(posts, "--images", folder, "--max-concurrent", "3");
  expect([await status, told()]).toEqual([0, expect.stringContaining("2/2, 0 failed, USD 0.003")]);
  expect(results()).toMatchObject([
    { line: 1, id: "a", state: "succeeded", answer: { charge: { amount_usd: "0.0015" } }, problem: null },
    { line: 2, id: null, state: "succeeded" },
  ]);
  expect(server.app.pictures.size).toBe(1);
  expect(
    [...server.app.batches.values()].map(({ database }) => database.all("SELECT max_concurrent FROM batch")),
  ).toEqual([[{ max_concurrent: 3 }]]);
});

test("1 when some have none: a line that is no JSON, a file that is not there", async () => {
  const { status } = start(["{", { id: "dog", text: "a", image: "dog.png" }, { text: "b" }], "--images", folder);
  expect(await status).toBe(1);
  const found = results().toSorted((a, b) => a.line - b.line);
  expect(found).toMatchObject([
    { line: 1, state: "invalid", problem: { code: "invalid_json" } },
    { line: 2, id: "dog", state: "invalid", problem: { detail: expect.stringContaining('"dog.png"') } },
    { line: 3, state: "succeeded" },
  ]);
});

test("killed at any time, it goes on where it was: nothing is asked twice, nothing is written twice", async () => {
  const posts = Array.from({ length: 20 }, (_, index) => ({ text: `post ${index}` }));
  server.ending = 7;
  const first = start(posts);
  // It has told of a tenth of the posts, so that some results are written, and it waits for more.
  await once(first.child.stderr, "data");
  first.child.kill("SIGKILL");
  await first.status;
  const before = results().length;
  expect(before).toBeGreaterThan(0);
  writeFileSync(join(folder, "out.jsonl"), '{"line": 9, "cut o', { flag: "a" });
  server.ending = null;
  const second = start(posts);
  expect([await second.status, second.told()]).toEqual([0, expect.stringContaining("20/20")]);
  expect(
    results()
      .map(({ line }) => line)
      .toSorted((a, b) => a - b),
  ).toEqual(posts.map((_, index) => index + 1));
  expect([server.app.jobs.jobs.size, server.app.batches.size]).toEqual([20, 1]);
  // All is done: a third call asks for nothing.
  server.asked.splice(0);
  expect(await start(posts).status).toBe(0);
  expect(server.asked).toEqual([]);
});

test("starts no stack when every post has a result", async () => {
  const posts = [{ text: "one" }];
  const before = startAt([], posts);
  expect([await before.status, before.told()]).toEqual([2, expect.stringContaining("did not start")]);
  expect(await start(posts).status).toBe(0);
  const { status, told } = startAt([], posts);
  expect([await status, told()]).toEqual([0, "[########################] 1/1, 0 failed, USD 0.0015\n"]);
});

test("an interrupt leaves the batch running, and --cancel cancels it", async () => {
  server.ending = 2;
  const posts = Array.from({ length: 10 }, () => ({ text: "post" }));
  const { child, status, told } = start(posts);
  await once(child.stderr, "data");
  child.kill("SIGINT");
  expect([await status, told()]).toEqual([130, expect.stringContaining("goes on")]);
  const canceling = start(posts, "--cancel");
  expect([await canceling.status, canceling.told()]).toEqual([0, expect.stringContaining("canceled; 2 of its posts")]);
  server.ending = null;
  expect(await start(posts).status).toBe(1);
  const canceled = results().filter(({ state }) => state === "canceled");
  expect(canceled).toHaveLength(8);
  for (const { problem, cost_usd } of canceled) expect([problem.code, cost_usd]).toEqual(["canceled", "0"]);
});

test("--cancel says so when there is nothing to cancel: nothing was sent, or it has ended", async () => {
  const canceling = () => start([{ text: "post" }], "--cancel");
  const before = canceling();
  expect([await before.status, before.told()]).toEqual([0, "There is nothing to cancel: nothing was sent.\n"]);
  expect(await start([{ text: "post" }]).status).toBe(0);
  const after = canceling();
  expect([await after.status, after.told()]).toEqual([0, "There is nothing to cancel: what was sent has ended.\n"]);
  expect(readdirSync(folder).toSorted()).toEqual(["out.jsonl", "out.jsonl.state", "posts.jsonl"]);
});

test("one of several that start together does the work, and the others say which process that is", async () => {
  server.ending = 2;
  const posts = Array.from({ length: 10 }, () => ({ text: "post" }));
  const copies = Array.from({ length: 3 }, () => start(posts));
  // The one that works waits for more results.
  const ended: string[] = [];
  const two = Promise.withResolvers<void>();
  for (const { status, told } of copies)
    void status.then((code) => {
      if (ended.push(`${code} ${told()}`) === 2) two.resolve();
    });
  await two.promise;
  const working = copies.find(({ child }) => child.exitCode === null);
  const says = `2 Process ${working?.child.pid} works on ${join(folder, "out.jsonl")}. Wait until it ends, or end it`;
  expect(ended).toEqual([expect.stringContaining(says), expect.stringContaining(says)]);
  const canceling = start(posts, "--cancel");
  expect([await canceling.status, canceling.told()]).toEqual([2, expect.stringContaining("and then cancel.")]);
  working?.child.kill("SIGKILL");
  await working?.status;
  server.ending = null;
  expect(await start(posts).status).toBe(0);
  expect(results()).toHaveLength(10);
  expect([server.app.batches.size, server.app.jobs.jobs.size]).toEqual([1, 10]);
});

test("another key and another endpoint go on after a refusal", async () => {
  server.statuses.push(401);
  const posts = [{ text: "one" }];
  expect(await start(posts, "--key", "other").status).toBe(1);
  expect(await start(posts, "--key", "other", "--cancel").status).toBe(0);
  const elsewhere = await startBatchServer();
  try {
    const right = start(posts, "--endpoint", elsewhere.url);
    expect([await right.status, right.told()]).toEqual([0, expect.stringContaining("1/1")]);
  } finally {
    await elsewhere.close();
  }
});

test("--max-cost cancels what runs once the answers cost so much", async () => {
  server.ending = 3;
  const posts = Array.from({ length: 10 }, () => ({ text: "post" }));
  const { status, told } = start(posts, "--max-cost", "0.003");
  expect([await status, told()]).toEqual([1, expect.stringContaining("--max-cost")]);
  expect(results().filter(({ state }) => state === "succeeded")).toHaveLength(3);
  // A higher limit alone asks nothing again, because canceled posts have a result.
  expect(await start(posts).status).toBe(1);
  server.ending = null;
  const again = start(posts, "--retry");
  expect([await again.status, again.told()]).toEqual([0, expect.stringContaining("10/10, 0 failed")]);
  expect(results().map(({ state }) => state)).toEqual(Array.from({ length: 10 }, () => "succeeded"));
  expect(server.app.batches.size).toBe(2);
  const both = start(posts, "--retry", "--cancel");
  expect([await both.status, both.told()]).toEqual([2, expect.stringContaining("--retry sends posts")]);
});

test("2 for wrong use, and for results of another input", async () => {
  const wrong = [
    ["--max-concurrent", "51"],
    ["--max-cost", "a lot"],
    ["--images", join(folder, "nowhere")],
    ["--out", join(folder, "nowhere", "out.jsonl")],
    ["--endpoint", "http://example.com"],
  ].map((options) => start([], ...options).status);
  expect(await Promise.all(wrong)).toEqual([2, 2, 2, 2, 2]);
  const { status, told } = start([], "--out", join(folder, "nowhere", "out.jsonl"));
  const sentence = `there is no folder ${join(folder, "nowhere")} for --out`;
  expect([await status, told()]).toEqual([2, expect.stringMatching(`^${sentence}\n`)]);
  expect(await start([{ text: "one" }]).status).toBe(0);
  expect(await start([{ text: "another" }]).status).toBe(2);
});

test("1 for a file without posts, and 2 for a state file that is damaged, each with a sentence", async () => {
  const empty = start(["", " "]);
  expect([await empty.status, empty.told()]).toEqual([1, `There are no posts in ${join(folder, "posts.jsonl")}.\n`]);
  writeFileSync(join(folder, "out.jsonl.state"), "{");
  const damaged = start([{ text: "one" }]);
  expect([await damaged.status, damaged.told()]).toEqual([2, expect.stringContaining("out.jsonl.state is damaged")]);
  expect(server.asked).toEqual([]);
});

test("2 for another endpoint while a batch has not ended", async () => {
  server.ending = 1;
  const { child, status } = start([{ text: "one" }, { text: "two" }]);
  await once(child.stderr, "data");
  child.kill("SIGKILL");
  await status;
  const other = start([{ text: "one" }, { text: "two" }], "--endpoint", "https://other.example");
  expect([await other.status, other.told()]).toEqual([2, expect.stringContaining(`--endpoint ${server.url}.`)]);
});
