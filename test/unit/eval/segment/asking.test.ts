import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { type AskedMasks, type Asking, askForMasks, askingOf } from "../../../../eval/segment/asking.ts";
import type { EvaluatedPost } from "../../../../schemas/evaluation.ts";
import { entity } from "../../../support/evaluated-posts.ts";
import { folderOf } from "../../../support/evaluation-files.ts";
import { plainPicture, startSegmentServer } from "../../../support/segment-server.ts";

describe("askingOf", () => {
  const values = { images: "pictures", out: "out.jsonl", endpoint: "https://one.example/" };

  it("has defaults for what is not given", () => {
    expect(askingOf(values, { NAMESIGHT_KEY: "nk_1", NAMESIGHT_URL: "http://127.0.0.1:1" })).toEqual({
      images: "pictures",
      out: "out.jsonl",
      url: new URL("https://one.example"),
      endpoint: "https://one.example",
      key: "nk_1",
      concurrency: 4,
      maxCost: null,
      limit: null,
    });
    const all = { ...values, key: "nk_2", "max-concurrent": "50", "max-cost": "1.5", limit: "10" };
    const given = { key: "nk_2", concurrency: 50, maxCost: 1_500_000_000, limit: 10 };
    expect(askingOf(all, { NAMESIGHT_KEY: "nk_1" })).toMatchObject(given);
  });

  it("asks the stack that NAMESIGHT_URL names without a key, when there is no --endpoint", () => {
    const { endpoint: _, ...local } = values;
    const environment = { NAMESIGHT_KEY: "nk_1", NAMESIGHT_URL: "http://127.0.0.1:8787" };
    expect(askingOf(local, environment)).toMatchObject({
      url: new URL("http://127.0.0.1:8787"),
      endpoint: null,
      key: null,
    });
    expect(askingOf(local, {})).toContain("NAMESIGHT_URL is not set");
  });

  it.each([
    ["images", undefined, "--images DIR and --out FILE are required"],
    ["out", undefined, "--images DIR and --out FILE are required"],
    ["endpoint", "one.example", "--endpoint is an address, not one.example"],
    ["endpoint", "ftp://one.example", "--endpoint is an address"],
    ["endpoint", "http://one.example", "--endpoint must be https"],
    ["max-concurrent", "0", "--max-concurrent is a number from 1 to 50, not 0"],
    ["max-concurrent", "51", "from 1 to 50, not 51"],
    ["max-cost", "-1", "--max-cost is an amount such as 2.5, not -1"],
    ["max-cost", "1e3", "not 1e3"],
    ["key", "nk_1\n", "the key (--key, or NAMESIGHT_KEY of the environment) has a space, a line break"],
    ["limit", "0", "--limit is a whole number from 1, not 0"],
    ["limit", "1.5", "not 1.5"],
  ])("says what is wrong with --%s %s", (name, value, message) => {
    const { [name as "out"]: _, ...rest } = values;
    expect(askingOf(value === undefined ? rest : { ...rest, [name]: value }, {})).toContain(message);
  });

  it.each(["http://127.0.0.1:1", "http://localhost:1", "http://[::1]:1"])(
    "takes http on this machine: %s",
    (endpoint) => {
      expect(askingOf({ ...values, endpoint }, {})).toMatchObject({ endpoint });
    },
  );
});

describe("askForMasks", () => {
  const stderr = vi.spyOn(console, "error").mockReturnValue();
  afterEach(() => {
    vi.clearAllMocks();
  });
  const posts = ["1", "2", "3"].map(
    (id): EvaluatedPost => ({ id, offset_unit: "token", entities: [entity("PER", 0, 1, [[1, 1, 9, 9]])] }),
  );
  const world = { sleep: async () => undefined, clock: () => 0 };

  async function start() {
    const server = await startSegmentServer();
    const picture = await plainPicture(20, 10);
    const folder = folderOf({ "p/1.jpg": picture, "p/2.png": picture, "p/3.jpeg": picture });
    const values = { images: join(folder, "p"), out: join(folder, "out.jsonl"), endpoint: server.url, key: "nk" };
    const asking = askingOf(values, {}) as Asking;
    const written: AskedMasks[] = [];
    const ask = (more: Partial<Asking> = {}, some = posts) =>
      askForMasks(some, { ...asking, ...more }, (asked) => written.push(asked), world);
    return { server, folder, ask, written, part: join(folder, "out.jsonl.part") };
  }

  it("has the masks written, removes its part, and tells how far it is", async () => {
    const { ask, written, folder, server } = await start();
    const asked = await ask();
    expect(written).toEqual([asked]);
    expect(asked).toMatchObject({ cost: 18_000_000, isOverCost: false });
    expect(server.asked.map(({ name }) => name).toSorted()).toEqual(["1.jpg", "2.png", "3.jpeg"]);
    expect(readdirSync(folder)).toEqual(["p"]);
    expect(stderr).toHaveBeenLastCalledWith("[########################] 3/3, 0 failed, USD 0.018");
  });

  it("asks about the first posts alone, under the names that they have without a limit", async () => {
    const { ask, server } = await start();
    expect((await ask({ limit: 2 })).posts).toEqual(posts.slice(0, 2));
    expect(server.asked).toHaveLength(2);
    expect((await ask()).posts).toEqual(posts);
    // The deployment repeats two answers, and charges one more.
    expect([server.asked.length, server.charged]).toEqual([5, 18_000_000]);
  });

  it("reads what was answered whatever it cost, also when nothing more may be asked", async () => {
    const { ask, server, written, part } = await start();
    server.faults.push({ problem: "invalid_picture" });
    await ask({ concurrency: 1 });
    // The post that failed may not be asked.
    expect(await ask({ maxCost: 12_000_000 })).toMatchObject({ isOverCost: true });
    expect([written.length, server.asked.length, existsSync(part)]).toEqual([1, 3, true]);
    await ask({ maxCost: 12_000_001, concurrency: 1 });
    expect([written.length, existsSync(part)]).toEqual([2, false]);
  });

  it("says the last line of the bar once", async () => {
    const { ask } = await start();
    await ask();
    const lines = stderr.mock.calls.map(([line]) => String(line));
    expect(lines.filter((line) => line.includes("3/3"))).toHaveLength(1);
  });

  it("writes nothing when the limit of cost ended it, and goes on with a larger one", async () => {
    const { ask, server, written, part } = await start();
    expect(await ask({ maxCost: 6_000_000, concurrency: 1 })).toMatchObject({ isOverCost: true, cost: 6_000_000 });
    expect([written, existsSync(part)]).toEqual([[], true]);
    expect(await ask({ maxCost: 600_000_000 })).toMatchObject({ isOverCost: false, cost: 18_000_000 });
    expect([server.asked.length, existsSync(part)]).toEqual([3, false]);
  });

  it("keeps the part while a post has failed, and asks for it alone", async () => {
    const { ask, server, written, part } = await start();
    server.faults.push({ problem: "invalid_picture" });
    await ask({ concurrency: 1 });
    expect(written[0]?.byPost.get("1")?.failure?.reason).toBe("failed");
    expect(existsSync(part)).toBe(true);
    await ask();
    expect(server.asked.map(({ name }) => name)).toEqual(["1.jpg", "2.png", "3.jpeg", "1.jpg"]);
    expect(written[1]?.byPost.get("1")?.failure).toBeNull();
    expect(existsSync(part)).toBe(false);
  });

  it("refuses the part of other posts, and of another deployment", async () => {
    const { ask, server, part } = await start();
    await ask({ maxCost: 1, concurrency: 1 });
    const before = readFileSync(part, "utf8");
    await expect(ask({}, posts.slice(1))).rejects.toThrow("is part of another input");
    await expect(ask({ endpoint: null })).rejects.toThrow("and not of a stack of this machine");
    expect([readFileSync(part, "utf8"), server.asked.length]).toEqual([before, 1]);
  });

  it("refuses to work on an output on which another process works, and not after one that was killed", async () => {
    const { ask, folder, server } = await start();
    const lock = join(folder, "out.jsonl.part.lock");
    mkdirSync(lock);
    writeFileSync(join(lock, `${process.ppid}-1`), "");
    await expect(ask()).rejects.toThrow(`process ${process.ppid} works on ${join(folder, "out.jsonl")}`);
    expect(server.asked).toEqual([]);
    const dead = join(folder, "other.jsonl.part.lock");
    mkdirSync(dead);
    writeFileSync(join(dead, "999999999-1"), "");
    await ask({ out: join(folder, "other.jsonl") });
    expect(existsSync(dead)).toBe(false);
  });
});
