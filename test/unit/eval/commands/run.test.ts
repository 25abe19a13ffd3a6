import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readEvaluated } from "../../../../eval/readers/kinds/index.ts";
import type { JobOrder } from "../../../../src/jobs/calls.ts";
import { type BatchServer, startBatchServer } from "../../../support/batches/batch-server.ts";
import { folderOf } from "../../../support/evaluation-files.ts";
import { blackPng } from "../../../support/png.ts";

const MODEL = { stage: "mner", provider: "cog", model: "small", version: "1", cached: false };
/** Names the first token of a post, and a box where the post has a picture. */
function answerOf(id: string, { fields, image }: JobOrder): object {
  const [text] = fields.tokens as string[];
  const box = { xmin: 0, ymin: 0, xmax: 2, ymax: 1 };
  const mentions = [{ start: 0, end: 1, tokens: { start: 0, end: 1 }, score: 1 }];
  const regions = image ? [{ box, mask: null }] : [];
  const entity = { text: `the ${text}`, type: "PER", mentions, visible: image !== null, regions };
  return { id, partial: false, problems: [], stages: [MODEL], offset_encoding: "token", entities: [entity] };
}

let folder: string;
let out: string;
let server: BatchServer;
const children: ChildProcess[] = [];
beforeEach(async () => {
  server = await startBatchServer();
  server.app.jobs.answerOf = answerOf;
});
afterEach(async () => {
  for (const child of children.splice(0)) killGroup(child, "SIGKILL");
  await server.close();
});

/** Makes a data set of so many posts, of which the first has a picture. */
async function dataset(posts: number): Promise<void> {
  const text = Array.from({ length: posts }, (_, index) => `IMGID:${index + 1}\nName${index + 1}\tB-PER\nruns\tO\n`);
  folder = folderOf({ "set/dev.txt": text.join("\n"), "pictures/1.png": Buffer.from(await blackPng(4, 3)) });
  out = join(folder, "out.jsonl");
}

function killGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  try {
    process.kill(-(pid ?? 0), signal);
  } catch {
    // It has ended.
  }
}

/** Starts the command in a group of processes of its own. */
function start(...more: string[]) {
  const options = ["--dataset", join(folder, "set"), "--split", "dev", "--out", out, "--endpoint", server.url, ...more];
  const { NAMESIGHT_KEY: _, npm_lifecycle_event: __, ...env } = process.env;
  const child = spawn(process.execPath, ["scripts/launch.js", "scripts/eval.ts", "run", ...options], {
    detached: true,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  children.push(child);
  const said = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      said[name] += text;
    });
  }
  const status = once(child, "close").then(([code]) => code as number | null);
  return { child, status, said };
}
const startTextOnly = (...more: string[]) => start("--text-only", ...more);
const pictures = () => ["--images", join(folder, "pictures")];
const written = () => readFileSync(out, "utf8");
const idsOf = (text: string) => text.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line).id]));
const manifest = () => JSON.parse(readFileSync(`${out}.run.json`, "utf8"));

test("writes the predictions in the order of the data set, what was run, and the same bytes each time", async () => {
  await dataset(3);
  const { status, said } = start(...pictures(), "--max-concurrent", "2");
  expect([await status, said.stderr]).toEqual([0, expect.stringContaining("3/3, 0 failed, USD 0.0045")]);
  const entity = (text: string, boxes: string, masks: string) =>
    `[{"text":"${text}","type":"PER","start":0,"end":1,"boxes":${boxes},"masks":${masks}}]`;
  expect(written()).toBe(
    `{"id":"1","offset_unit":"token","entities":${entity("Name1", "[[0,0,2,1]]", "[null]")}}\n` +
      `{"id":"2","offset_unit":"token","entities":${entity("Name2", "[]", "[]")}}\n` +
      `{"id":"3","offset_unit":"token","entities":${entity("Name3", "[]", "[]")}}\n`,
  );
  expect(manifest()).toEqual({
    dataset: {
      file: join(folder, "set/dev.txt"),
      sha256: "29ceb07e3bf5e304f8815122d656c3b5e661abe5486c208d0c9ddf174f95bda4",
      format: "conll",
    },
    options: {
      images: join(folder, "pictures"),
      task: "gmner",
      labels: "gmner",
      given_entities: false,
      allow_fallback: false,
      limit: null,
      endpoint: server.url,
    },
    posts: { asked: 3, answered: 3, partial: 0, failed: 0, missing: 0 },
    without_picture: ["2", "3"],
    problems: [],
    models: [{ stage: "mner", provider: "cog", model: "small", version: "1", posts: 3, cached: 0 }],
    cost_usd: "0.0045",
  });
  expect(said.stdout).toMatch(/^without a picture +2 {2}2 3$/m);
  expect([server.app.pictures.size, server.app.jobs.jobs.size]).toEqual([1, 3]);
  // A second call asks for nothing, and a third into another file is answered alike.
  const [predictions, facts] = [written(), readFileSync(`${out}.run.json`, "utf8")];
  server.asked.splice(0);
  expect(await start(...pictures()).status).toBe(0);
  expect([server.asked, written()]).toEqual([[], predictions]);
  out = join(folder, "again.jsonl");
  expect(await start(...pictures()).status).toBe(0);
  expect([written(), readFileSync(`${out}.run.json`, "utf8")]).toEqual([predictions, facts]);
  const read = await readEvaluated({ role: "predictions", file: out });
  expect([read.kind, read.posts.length]).toEqual(["posts", 3]);
});

test("--given-entities, --limit and --allow-fallback reach the service, and the key does by the environment", async () => {
  await dataset(3);
  await server.close();
  server = await startBatchServer({ access: "keys" });
  server.app.jobs.answerOf = answerOf;
  const options = [...pictures(), "--given-entities", "--limit", "2", "--allow-fallback", "--task", "smner"];
  const refused = start(...options, "--key", "nsk_live_none");
  expect([await refused.status, refused.said.stderr]).toEqual([1, expect.stringContaining("key")]);
  expect(existsSync(out)).toBe(false);
  const { status, said } = start(...options, "--key", await server.app.key(), "--json");
  expect([await status, JSON.parse(said.stdout)]).toEqual([0, manifest()]);
  const orders = [...server.app.jobs.jobs.values()].map(({ order }) => order);
  const entities = [{ start: 0, end: 1, type: "PER" }];
  const asked = {
    task: "smner",
    labels: "gmner",
    fallback: true,
    max_entities: 100,
    offset_encoding: "token",
    entities,
  };
  expect(orders.map(({ fields }) => fields)).toMatchObject([
    { tokens: ["Name1", "runs"], ...asked },
    { tokens: ["Name2", "runs"], ...asked },
  ]);
  expect(readFileSync(`${out}.run.json`, "utf8")).not.toContain("nsk_");
});

test("1 when posts fail, which have their problem as an error; answers in part are counted and named", async () => {
  await dataset(4);
  server.endOf = (id) => (id === "2" ? "failed" : "succeeded");
  server.app.jobs.answerOf = (id, order) => {
    const isPartial = order.reference === "3";
    const problems = isPartial ? [{ code: "stage_failed", stage: "expansion", detail: "…" }] : [];
    return { ...answerOf(id, order), partial: isPartial, problems };
  };
  const { status, said } = startTextOnly();
  expect(await status).toBe(1);
  const failed = '{"id":"2","offset_unit":"token","entities":[],"error":"stage_failed: The stage failed."}';
  expect(written().split("\n")[1]).toBe(failed);
  expect(idsOf(written())).toEqual(["1", "2", "3", "4"]);
  expect(manifest()).toMatchObject({
    posts: { asked: 4, answered: 3, partial: 1, failed: 1, missing: 0 },
    problems: [
      { outcome: "failed", code: "stage_failed", stage: null, posts: 1, example: "2" },
      { outcome: "partial", code: "stage_failed", stage: "expansion", posts: 1, example: "3" },
    ],
  });
  expect(said.stdout).toContain("answered in part: stage_failed (expansion) in 1, such as post 3\n");
  // The post that failed is asked about again, and no other is.
  server.endOf = () => "succeeded";
  expect(await startTextOnly("--retry").status).toBe(0);
  expect([idsOf(written()), server.app.jobs.jobs.size]).toEqual([["1", "2", "3", "4"], 5]);
});

describe("interrupted", () => {
  test.each(["SIGINT", "SIGTERM"] as const)(
    "by %s alone, it writes what there is, and then goes on",
    async (signal) => {
      await dataset(20);
      server.ending = 7;
      const first = startTextOnly();
      await once(first.child.stderr as NodeJS.ReadableStream, "data");
      first.child.kill(signal);
      expect(await first.status).toBe({ SIGINT: 130, SIGTERM: 143 }[signal]);
      expect(first.said.stderr).toContain("the same command gets the rest");
      const { answered, missing } = manifest().posts;
      expect(answered).toBeGreaterThan(0);
      expect(answered + missing).toBe(20);
      expect(idsOf(written())).toHaveLength(answered);
      server.ending = null;
      expect(await startTextOnly().status).toBe(0);
      expect(idsOf(written())).toEqual(Array.from({ length: 20 }, (_, index) => String(index + 1)));
      expect([server.app.batches.size, server.app.jobs.jobs.size]).toEqual([1, 20]);
    },
  );

  test("by SIGKILL of all its processes, it goes on, and nothing is asked twice", async () => {
    await dataset(20);
    server.ending = 7;
    const first = startTextOnly();
    await once(first.child.stderr as NodeJS.ReadableStream, "data");
    killGroup(first.child, "SIGKILL");
    await first.status;
    expect(existsSync(out)).toBe(false);
    writeFileSync(`${out}.answers`, '{"line": 9, "cut o', { flag: "a" });
    server.ending = null;
    const next = startTextOnly();
    expect([await next.status, next.said.stderr]).toEqual([0, expect.stringContaining("20/20")]);
    expect(idsOf(written())).toHaveLength(20);
    expect([server.app.batches.size, server.app.jobs.jobs.size]).toEqual([1, 20]);
  });

  test("by Ctrl-C, which reaches all its processes, it ends as with one signal, and --cancel cancels", async () => {
    await dataset(10);
    server.ending = 2;
    const first = startTextOnly();
    await once(first.child.stderr as NodeJS.ReadableStream, "data");
    killGroup(first.child, "SIGINT");
    expect(await first.status).toBe(130);
    const canceling = startTextOnly("--cancel");
    expect([await canceling.status, canceling.said.stderr]).toEqual([0, expect.stringContaining("canceled; 2 of")]);
    server.ending = null;
    expect(await startTextOnly().status).toBe(1);
    expect(manifest()).toMatchObject({ posts: { answered: 2, failed: 8 }, problems: [{ code: "canceled", posts: 8 }] });
  });
});

test("--max-cost leaves posts without an answer, and what there is is written", async () => {
  await dataset(10);
  server.ending = 3;
  const { status, said } = startTextOnly("--max-cost", "0.003");
  expect([await status, said.stderr]).toEqual([1, expect.stringContaining("--max-cost")]);
  expect(manifest().posts).toEqual({ asked: 10, answered: 3, partial: 0, failed: 7, missing: 0 });
  expect(written().match(/"error":"canceled: /g)).toHaveLength(7);
});

test("2 for other posts or options than those of the answers, and nothing is sent or replaced", async () => {
  await dataset(3);
  expect(await startTextOnly("--limit", "2").status).toBe(0);
  const [predictions, asked] = [written(), readFileSync(`${out}.posts`, "utf8")];
  server.asked.splice(0);
  const more = startTextOnly();
  const advice =
    "Go on with the data and the options that it had, or name another --out: all posts are then asked about";
  const says = `${out}.answers has the answers to other questions: `;
  const counts = "it was asked about 2 posts, and this command asks about 3 posts";
  expect([await more.status, more.said.stderr]).toEqual([2, `${says}${counts}. ${advice} anew, and paid again.\n`]);
  const other = startTextOnly("--limit", "2", "--labels", "fine");
  expect([await other.status, other.said.stderr]).toEqual([2, expect.stringContaining("with another labels. Go on")]);
  expect([server.asked, written(), readFileSync(`${out}.posts`, "utf8")]).toEqual([[], predictions, asked]);
});

test("1 while another process works on the same output, and its files stay as they are", async () => {
  await dataset(3);
  const lock = `${out}.run.lock`;
  mkdirSync(lock);
  writeFileSync(join(lock, `${process.pid}-1`), "");
  const { status, said } = startTextOnly();
  const advice = `wait until it ends, or end it with \`kill ${process.pid}\``;
  expect([await status, said.stderr]).toEqual([1, `process ${process.pid} works on ${out}: ${advice}\n`]);
  expect([server.asked, existsSync(`${out}.posts`)]).toEqual([[], false]);
  rmSync(lock, { recursive: true });
  expect(await startTextOnly().status).toBe(0);
  expect(existsSync(lock)).toBe(false);
});

test("a run that could send nothing leaves the choice of another limit", async () => {
  await dataset(3);
  server.statuses.push(401);
  expect(await startTextOnly("--limit", "2").status).toBe(1);
  expect(await startTextOnly().status).toBe(0);
  expect(idsOf(written())).toEqual(["1", "2", "3"]);
});

test("2 with the usage when it is used wrongly, and 1 for what it cannot read or would replace", async () => {
  await dataset(2);
  const wrong = startTextOnly("--limit", "none");
  const usage = "--limit is a whole number from 1, not none\n\nusage: npm run eval -- run";
  expect([await wrong.status, wrong.said.stderr.slice(0, usage.length)]).toEqual([2, usage]);
  const unread = startTextOnly("--split", "test");
  expect([await unread.status, unread.said.stderr]).toEqual([
    1,
    `${join(folder, "set")} has no split test; it has dev\n`,
  ]);
  const none = start("--images", join(folder, "set"));
  expect([await none.status, none.said.stderr]).toEqual([
    1,
    `${join(folder, "set")} has the picture of none of the posts, such as 1.jpg\n`,
  ]);
  writeFileSync(out, "something else");
  const others = startTextOnly();
  expect([await others.status, others.said.stderr]).toEqual([1, expect.stringContaining("Name another --out")]);
  expect([written(), server.asked]).toEqual(["something else", []]);
  rmSync(out);
});
