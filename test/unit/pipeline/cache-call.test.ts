import { expect, test } from "vitest";
import { readCache, writeCache } from "../../../src/pipeline/cache-call.ts";
import { deploymentOf, inRun } from "../../support/run.ts";

const broken = () => Promise.reject(new Error("the store is down"));

test("a cache is read and written for a post that may be stored, and the entry is named before it is written", async () => {
  const found = await inRun(
    deploymentOf({}),
    async (run) => {
      let named: string[] = [];
      const write = async () => {
        named = [...run.left];
      };
      await writeCache("caption", "key", write, run);
      return [await readCache("caption", async () => 1, 0, run), named];
    },
    { store: true },
  );
  expect(found).toEqual([1, ["kv/key"]]);
});

test("neither is done for a post that may not be stored, but reading what is not of posts", async () => {
  const found = await inRun(deploymentOf({}), async (run) => {
    await writeCache("caption", "key", broken, run);
    const always = await readCache("pool", async () => 1, 0, run, { always: true });
    return [await readCache("caption", broken, 0, run), always, [...run.left]];
  });
  expect(found).toEqual([0, 1, []]);
});

test("a cache that is down counts as empty, and is logged without its message", async () => {
  const lines: object[] = [];
  const log = (line: object) => lines.push(line);
  const found = await inRun(
    deploymentOf({}, { log }),
    async (run) => {
      await writeCache("caption", "key", broken, run);
      return readCache("caption", broken, 0, run);
    },
    { store: true },
  );
  expect(found).toBe(0);
  expect(lines).toMatchObject([{ event: "caption_cache_unwritable" }, { event: "caption_cache_unreadable" }]);
  expect(JSON.stringify(lines)).not.toContain("down");
});
