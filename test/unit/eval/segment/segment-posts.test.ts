import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { PostFailed } from "../../../../eval/segment/failure.ts";
import { Part } from "../../../../eval/segment/part.ts";
import { type Segmenting, segmentPosts } from "../../../../eval/segment/segment-posts.ts";
import type { SegmentQuestion } from "../../../../eval/segment/service.ts";
import type { BoxCorners, EvaluatedPost } from "../../../../schemas/evaluation.ts";
import { Refused } from "../../../../scripts/batch/fault.ts";
import { entity } from "../../../support/evaluated-posts.ts";
import { folderOf } from "../../../support/evaluation-files.ts";
import { boxMask, plainPicture } from "../../../support/segment-server.ts";

const A: BoxCorners = [1, 1, 10, 10];
const B: BoxCorners = [5, 5, 20, 20];
const post = (id: string, ...boxes: BoxCorners[]): EvaluatedPost => {
  return { id, offset_unit: "token", entities: [entity("PER", 0, 1, boxes)] };
};

/** Asks a service that gives each box as its mask, for USD 0.001 a request. */
async function start(posts: readonly EvaluatedPost[], more: Partial<Segmenting> & { folder?: string } = {}) {
  const folder = more.folder ?? folderOf({ "pictures/1.jpg": await plainPicture(40, 30), "pictures/5.jpg": "none" });
  const path = (id: string) => join(folder, "pictures", `${id}.jpg`);
  const pictures = new Map([..."1234"].map((id) => [id, path("1")]));
  pictures.set("5", path("5"));
  const asked: SegmentQuestion[] = [];
  const told: string[] = [];
  const part = new Part(join(folder, "part"), "0".repeat(64), null);
  const segmenting: Segmenting = {
    posts,
    pictures,
    input: "0".repeat(64),
    part,
    service: {
      ask: async (question) => {
        asked.push(question);
        const masks = question.boxes.map(({ box }) => boxMask([box.xmin, box.ymin, box.xmax, box.ymax], 40, 30));
        return { results: masks.map((mask) => ({ mask })), cost: 1_000_000 };
      },
    },
    concurrency: 1,
    maxCost: null,
    progressed: ({ id }) => told.push(id),
    ...more,
  };
  return { folder, asked, told, part, run: () => segmentPosts(segmenting) };
}

describe("segmentPosts", () => {
  test("asks once a post for its different boxes inside the picture, and says why others have no mask", async () => {
    const { asked, run } = await start([post("1", A, [50, 0, 60, 9], A, B), post("2")]);
    const done = await run();
    expect(asked.map(({ boxes }) => boxes)).toEqual([
      [
        { box: { xmin: 1, ymin: 1, xmax: 10, ymax: 10 }, type: "PER" },
        { box: { xmin: 5, ymin: 5, xmax: 20, ymax: 20 }, type: "PER" },
      ],
    ]);
    expect([...done.values()]).toEqual([
      {
        id: "1",
        size: [30, 40],
        results: [{ mask: boxMask(A, 40, 30) }, { reason: "outside_picture" }, { mask: boxMask(B, 40, 30) }],
        failure: null,
      },
    ]);
  });

  test("divides more boxes than a request takes, and asks for no box when none is inside", async () => {
    const many = Array.from({ length: 150 }, (_, index): BoxCorners => [index / 10, 0, 30, 20]);
    const { asked, part, run } = await start([post("1", ...many), post("2", [100, 100, 200, 200])]);
    const done = await run();
    expect(asked.map(({ boxes }) => boxes.length)).toEqual([100, 50]);
    expect(new Set(asked.map(({ name }) => name)).size).toBe(2);
    expect(done.get("1")?.results[149]).toEqual({ mask: boxMask([14.9, 0, 30, 20], 40, 30) });
    expect(done.get("2")).toMatchObject({ results: [{ reason: "outside_picture" }], failure: null });
    // Both requests of the first, and nothing of the second.
    expect([part.cost, [...part.posts.keys()]]).toEqual([2_000_000, ["1"]]);
  });

  test("a type that is too long for the API is not sent", async () => {
    const long = { ...post("1", A), entities: [entity("T".repeat(61), 0, 1, [A])] };
    const { asked, run } = await start([long]);
    await run();
    expect(asked[0]?.boxes[0]?.type).toBeNull();
  });

  test("a name of a request depends on the input, the post, the picture and the boxes, and on nothing else", async () => {
    const first = await start([post("1", A), post("2", A), post("3", A, B)]);
    await first.run();
    const again = await start([post("3", A, B), post("1", A), post("2", A)]);
    await again.run();
    const names = ({ asked }: typeof first) => asked.map(({ name }) => name).toSorted();
    expect(names(again)).toEqual(names(first));
    expect(new Set(names(first)).size).toBe(3);
    const other = await start([post("1", A)], { input: "1".repeat(64) });
    await other.run();
    expect(names(first)).not.toContain(other.asked[0]?.name);
    expect(other.asked[0]?.name).toMatch(/^[0-9a-f]{64}$/);
  });

  test("lists a post without a picture or with a broken one, and goes on", async () => {
    const { run, told, part } = await start([post("9", A, B), post("5", A), post("1", A)]);
    const done = await run();
    expect(done.get("9")).toEqual({
      id: "9",
      size: null,
      results: [{ reason: "no_picture" }, { reason: "no_picture" }],
      failure: { reason: "no_picture", text: "has no picture" },
    });
    expect(done.get("5")?.failure).toMatchObject({
      reason: "broken_picture",
      text: expect.stringContaining("5.jpg is"),
    });
    expect(told).toEqual(["9", "5", "1"]);
    // The picture may be there the next time.
    expect([...part.posts.keys()]).toEqual(["1"]);
  });

  test("a post that failed is none of the part, and the next process asks it again", async () => {
    const failing = { ask: () => Promise.reject(new PostFailed("refused with 422 (No)")) };
    const first = await start([post("1", A)], { service: failing });
    expect((await first.run()).get("1")).toMatchObject({
      size: [30, 40],
      results: [{ reason: "failed" }],
      failure: { reason: "failed", text: "refused with 422 (No)" },
    });
    const second = await start([post("1", A)], { folder: first.folder });
    expect((await second.run()).get("1")?.failure).toBeNull();
  });

  test("what is answered is not asked again, also where its picture is gone", async () => {
    const posts = [post("1", A), post("2", B)];
    const first = await start(posts);
    const done = await first.run();
    const second = await start(posts, { folder: first.folder, pictures: new Map() });
    expect(await second.run()).toEqual(done);
    expect(second.asked).toEqual([]);
  });

  test("asks so many posts at a time", async () => {
    let [running, most] = [0, 0];
    const open: Array<() => void> = [];
    const ask = async () => {
      most = Math.max(most, ++running);
      if (running === 3) for (const end of open.splice(0)) end();
      else await new Promise<void>((end) => open.push(end));
      running--;
      return { results: [{ mask: boxMask(A, 40, 30) }], cost: 0 };
    };
    const posts = [..."123"].map((id) => post(id, A));
    const { run } = await start(posts, { service: { ask }, concurrency: 3 });
    await run();
    expect(most).toBe(3);
  });

  test("asks nothing more once the posts cost so much, those of the process before included", async () => {
    const posts = [..."1234"].map((id) => post(id, A));
    const first = await start(posts, { maxCost: 2_000_000 });
    expect([...(await first.run()).keys()]).toEqual(["1", "2"]);
    const second = await start(posts, { folder: first.folder, maxCost: 2_000_000 });
    // What is answered costs nothing.
    expect([[...(await second.run()).keys()], second.asked]).toEqual([["1", "2"], []]);
    const third = await start(posts, { folder: first.folder, maxCost: 3_000_000 });
    expect([...(await third.run()).keys()]).toEqual(["1", "2", "3"]);
    expect(third.asked).toHaveLength(1);
  });

  test("a refusal ends everything, after the requests that run: what they cost is kept", async () => {
    const held = Promise.withResolvers<void>();
    let asked = 0;
    const ask = async () => {
      if (++asked === 1) {
        await held.promise;
        return { results: [{ mask: boxMask(A, 40, 30) }], cost: 1_000_000 };
      }
      held.resolve();
      throw new Refused(401, "The key is not valid");
    };
    const { run, folder } = await start(
      [..."1234"].map((id) => post(id, A)),
      { service: { ask }, concurrency: 2 },
    );
    await expect(run()).rejects.toThrow("The key is not valid");
    expect(asked).toBe(2);
    // Which of the two pictures is read first is not fixed.
    expect(readFileSync(join(folder, "part"), "utf8")).toMatch(/"id":"[12]".*"cost_usd":"0.001"/);
  });
});
