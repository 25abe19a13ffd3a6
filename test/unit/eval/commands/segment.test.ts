import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { segmentPredictions } from "../../../../eval/commands/segment.ts";
import { readEvaluated } from "../../../../eval/readers/kinds/index.ts";
import { folderOf } from "../../../support/evaluation-files.ts";
import { boxMask, plainPicture, type SegmentServer, startSegmentServer } from "../../../support/segment-server.ts";

const stdout = vi.spyOn(console, "log").mockReturnValue();
const stderr = vi.spyOn(console, "error").mockReturnValue();
afterEach(() => {
  vi.clearAllMocks();
});

const entity = (text: string, start: number, boxes: number[][]) => ({
  text,
  type: "PER",
  start,
  end: start + 1,
  boxes,
});
const POSTS = [
  {
    id: "9",
    entities: [
      entity("Ted", 0, [
        [2, 2, 10, 8],
        [50, 50, 60, 60],
      ]),
      entity("Bob", 1, [[2, 2, 10, 8]]),
    ],
  },
  { id: "1", text: "no picture shows it", offset_unit: "code-point", entities: [entity("Ann", 0, [])] },
  { id: "4", entities: [], error: "the model gave no answer" },
  { id: "3", entities: [{ ...entity("Zoë", 0, [[0, 0, 20, 10]]), start: undefined, end: undefined }] },
];
const lines = (posts: readonly object[]) => posts.map((post) => `${JSON.stringify(post)}\n`).join("");
const world = { sleep: async () => undefined, clock: () => 0 };

async function start(posts: readonly object[] = POSTS) {
  const server = await startSegmentServer();
  const picture = await plainPicture(20, 10);
  const folder = folderOf({
    ...{ "predictions.jsonl": lines(posts), "p/9.jpg": picture, "p/3.jpg": picture, "p/1.jpg": "broken" },
  });
  const [predictions, out] = [join(folder, "predictions.jsonl"), join(folder, "out.jsonl")];
  const options = ["--predictions", predictions, "--images", join(folder, "p"), "--out", out, "--endpoint", server.url];
  const run = (...more: string[]) => segmentPredictions([...options, ...more], world);
  return { server, folder, predictions, out, options, run, written: () => readFileSync(out, "utf8") };
}

describe("segmentPredictions", () => {
  it("adds a mask to each box, and leaves ids, order, spans and boxes as they are", async () => {
    const { run, out, written, server } = await start();
    expect(await run("--key", "nk", "--json")).toBe(0);
    const mask = boxMask([2, 2, 10, 8], 20, 10);
    expect(
      written()
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line)),
    ).toEqual([
      {
        ...{ id: "9", offset_unit: "token" },
        entities: [
          {
            ...entity("Ted", 0, [
              [2, 2, 10, 8],
              [50, 50, 60, 60],
            ]),
            masks: [mask, null],
          },
          { ...entity("Bob", 1, [[2, 2, 10, 8]]), masks: [mask] },
        ],
      },
      { ...POSTS[1], entities: [{ ...entity("Ann", 0, []), masks: [] }] },
      { ...POSTS[2], offset_unit: "token" },
      {
        ...{ id: "3", offset_unit: "token" },
        entities: [
          { ...entity("Zoë", 0, [[0, 0, 20, 10]]), start: null, end: null, masks: [boxMask([0, 0, 20, 10], 20, 10)] },
        ],
      },
    ]);
    expect(JSON.parse(String(stdout.mock.calls[0]?.[0]))).toEqual({
      ...{ posts: 4, posts_with_boxes: 2, boxes: 4, different_boxes: 3, masks: 3 },
      ...{ without_mask: { outside_picture: 1 }, failed: [], cost_usd: "0.012" },
    });
    expect(server.asked.map(({ name, boxes }) => [name, boxes.length]).toSorted()).toEqual([
      ["3.jpg", 1],
      ["9.jpg", 1],
    ]);
    // What was written is read as predictions, masks and all.
    const { posts } = await readEvaluated({ role: "predictions", file: out });
    expect(posts[0]?.entities[1]?.masks).toEqual([mask]);
  });

  it("writes the same bytes each time, whatever is answered first", async () => {
    const { run, written } = await start();
    await run("--max-concurrent", "1");
    const first = written();
    await run("--max-concurrent", "50");
    expect(written()).toBe(first);
  });

  it("takes the predictions of other systems", async () => {
    const { folder, options, out } = await start();
    const unco = join(folder, "unco.json");
    const rows = [{ start: 0, end: 0, entity_type: "PER", region_box: [2, 2, 10, 8] }];
    writeFileSync(unco, JSON.stringify([{ tokens: ["Ted"], image_id: "9.jpg", pre_entities: rows }]));
    expect(await segmentPredictions([...options, "--predictions", unco], world)).toBe(0);
    expect(JSON.parse(readFileSync(out, "utf8"))).toEqual({
      ...{ id: "9", offset_unit: "token", tokens: ["Ted"] },
      entities: [{ ...entity("Ted", 0, [[2, 2, 10, 8]]), masks: [boxMask([2, 2, 10, 8], 20, 10)] }],
    });
  });

  it("returns 1 and lists posts whose picture is missing or broken, or that were refused; their boxes stay", async () => {
    const posts = ["1", "2", "3", "9"].map((id) => ({ id, entities: [entity("Ted", 0, [[2, 2, 10, 8]])] }));
    const { run, written, server } = await start(posts);
    server.faults.push({ problem: "picture_type_not_supported" });
    expect(await run("--max-concurrent", "1")).toBe(1);
    const table = String(stdout.mock.calls[0]?.[0]);
    expect(table).toMatch(/^ {2}none: broken_picture +1\n {2}none: failed +1\n {2}none: no_picture +1$/m);
    expect(table).toMatch(
      /^ {2}1: .*1\.jpg is no picture, or is cut off\n {2}2: has no picture\n {2}3: refused with 415/m,
    );
    const read = written()
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line).entities[0]);
    expect(read.map(({ boxes, masks }) => [boxes.length, masks[0] === null])).toEqual([
      [1, true],
      [1, true],
      [1, true],
      [1, false],
    ]);
  });

  it("returns 1 and writes nothing when the key is refused", async () => {
    const { run, out, server } = await start();
    server.faults.push({ problem: "key_invalid" }, { problem: "key_invalid" });
    expect(await run("--key", "nk")).toBe(1);
    expect(stderr).toHaveBeenLastCalledWith("The key is not valid: This is why.");
    expect(existsSync(out)).toBe(false);
  });

  it("returns 1 when there is no box to ask about, and says why", async () => {
    const { run, out, server } = await start(POSTS.slice(1, 3));
    expect(await run()).toBe(1);
    expect(stderr.mock.lastCall?.[0]).toMatch(/predictions\.jsonl has no boxes: no entity of it has one$/);
    expect([server.asked, existsSync(out)]).toEqual([[], false]);
  });

  it("returns 1 before anything is asked when the output is a folder or an input, or a folder is not there", async () => {
    const { run, folder, predictions, server } = await start();
    const before = readFileSync(predictions, "utf8");
    for (const [option, path, message] of [
      ["--out", join(folder, "p"), "--out PATH is a folder: name a file"],
      ["--out", predictions, "--out PATH would replace the input PATH: name another file"],
      ["--out", join(folder, "none/out.jsonl"), `there is no folder ${join(folder, "none")} for --out`],
      ["--images", join(folder, "none"), "there is no folder PATH for --images"],
      ["--images", predictions, "there is no folder PATH for --images"],
    ] as const) {
      expect(await run(option, path)).toBe(1);
      expect(stderr).toHaveBeenLastCalledWith(message.replaceAll("PATH", path));
    }
    const boxes = join(folder, "boxes.json");
    writeFileSync(boxes, "[]");
    expect(await run("--boxes", boxes, "--out", boxes)).toBe(1);
    expect(stderr).toHaveBeenLastCalledWith(`--out ${boxes} would replace the input ${boxes}: name another file`);
    expect([server.asked, readFileSync(predictions, "utf8")]).toEqual([[], before]);
  });

  it("lists a post whose picture is a folder, and goes on", async () => {
    const posts = ["2", "9"].map((id) => ({ id, entities: [entity("Ted", 0, [[2, 2, 10, 8]])] }));
    const { run, folder } = await start(posts);
    mkdirSync(join(folder, "p/2.jpg"));
    expect(await run("--max-concurrent", "1")).toBe(1);
    expect(stdout.mock.calls[0]?.[0]).toMatch(/^masks, counted by entity +1$[\s\S]*^ {2}2: has no picture$/m);
  });

  it("refuses two pictures of one post", async () => {
    const { run, folder, server } = await start();
    writeFileSync(join(folder, "p/9.PNG"), "");
    expect(await run()).toBe(1);
    const both = `${join(folder, "p")} has two pictures of post 9, 9.PNG and 9.jpg: keep one of them`;
    expect([stderr.mock.lastCall, server.asked]).toEqual([[both], []]);
  });

  it("returns 1 when a file or a format is none", async () => {
    const { run, folder, options } = await start();
    expect(await run("--predictions-format", "gml")).toBe(1);
    expect(stderr).toHaveBeenLastCalledWith(expect.stringContaining("there is no format gml"));
    expect(await segmentPredictions([...options, "--predictions", join(folder, "none")], world)).toBe(1);
    expect(stderr).toHaveBeenLastCalledWith(expect.stringContaining("ENOENT"));
  });

  it.each([
    [[], "--predictions FILE is required"],
    [["--predictions", "a"], "--images DIR and --out FILE are required"],
    [["--predictions", "a", "--images", "b", "--out", "c", "--endpoint", "d"], "--endpoint is an address, not d"],
    [["--limit"], "--limit"],
    [["a.jsonl"], "0 operands expected, got 1"],
  ])("returns 2 and says how it is used when called with %j", async (argv, message) => {
    expect(await segmentPredictions(argv)).toBe(2);
    expect(stderr).toHaveBeenLastCalledWith(expect.stringContaining(message));
    expect(stderr).toHaveBeenLastCalledWith(expect.stringContaining("usage: npm run eval -- segment"));
  });
});

describe("npm run eval -- segment", () => {
  const children: ChildProcess[] = [];
  afterEach(() => {
    for (const child of children.splice(0)) child.kill("SIGKILL");
  });

  /** Runs the command in a process of its own. */
  function spawned(options: readonly string[]) {
    const command = ["--disable-warning=ExperimentalWarning", "scripts/eval.ts", "segment", ...options, "--key", "nk"];
    const child = spawn(process.execPath, command, { stdio: "ignore" });
    children.push(child);
    return { child, status: once(child, "close").then(([code]) => code as number | null) };
  }

  /** Resolves when so many requests have come. */
  const asked = (server: SegmentServer, count: number) =>
    vi.waitUntil(() => server.asked.length >= count, { timeout: 50_000, interval: 20 });

  it("killed at any time, goes on where it was: no post is paid twice, and the bytes are those of a whole run", async () => {
    const posts = Array.from({ length: 12 }, (_, index) => {
      return { id: `${index}`, entities: [entity("Ted", 0, [[index % 5, 1, 12, 9]])] };
    });
    const { server, folder, options, out, predictions } = await start(posts);
    const picture = await plainPicture(20, 10);
    for (const { id } of posts) writeFileSync(join(folder, "p", `${id}.jpg`), picture);
    const whole = join(folder, "whole.jsonl");
    const local = ["--predictions", predictions, "--images", join(folder, "p"), "--out", whole];
    expect(await segmentPredictions([...local, "--endpoint", server.url], world)).toBe(0);
    server.asked.length = 0;
    const before = server.charged;
    // The fifth request is never answered: the process waits for it when it is killed.
    server.faults.push(...Array<never>(4).fill(undefined as never), "silence");
    const first = spawned([...options, "--max-concurrent", "1"]);
    await asked(server, 5);
    first.child.kill("SIGKILL");
    await first.status;
    expect([existsSync(out), readFileSync(`${out}.part`, "utf8").split("\n").length]).toEqual([false, 6]);
    // Half of a line, as of a process that was killed while it wrote.
    writeFileSync(`${out}.part`, `${readFileSync(`${out}.part`, "utf8")}{"id":"4","si`);
    expect(await spawned(options).status).toBe(0);
    expect(readFileSync(out, "utf8")).toBe(readFileSync(whole, "utf8"));
    expect(existsSync(`${out}.part`)).toBe(false);
    // Four posts, the one that was not answered, and then it with the seven others.
    expect(server.asked).toHaveLength(13);
    expect(server.charged - before).toBe(12 * 6_000_000);
  });
});
