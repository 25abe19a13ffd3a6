import { env } from "cloudflare:workers";
import { beforeEach, expect, test } from "vitest";
import { Mapping, RequestSettings } from "../../../schemas/sources.ts";
import { SourceStore, type StoredSource } from "../../../src/storage/source-store.ts";

const source = (number: number): StoredSource => ({
  id: `src_${String(number).padStart(24, "0")}`,
  name: "desk",
  account: null,
  signature: { scheme: "github" },
  mapping: Mapping.parse({ text: "/text" }),
  defaults: RequestSettings.parse({}),
  reply: null,
  secrets: [{ secret: "0123456789abcdef", createdAt: 1, expiresAt: null }],
  replySecret: null,
  createdAt: 1,
});
const store = new SourceStore(env.MASKS);

beforeEach(async () => {
  for (const { key } of (await env.MASKS.list()).objects) await env.MASKS.delete(key);
});

test("a source is got as it was put, and listed by id, beside other objects", async () => {
  await env.MASKS.put("sourced/x", "no source");
  for (const number of [3, 1, 2]) await store.put(source(number));
  expect(await store.get(source(2).id)).toEqual(source(2));
  expect(await store.get(source(4).id)).toBeNull();
  const first = await store.list(null, 2);
  expect(first).toEqual({ sources: [source(1), source(2)], next: source(2).id });
  expect(await store.list(first.next, 2)).toEqual({ sources: [source(3)], next: null });
  await store.delete(source(1).id);
  await store.delete(source(1).id);
  expect((await store.list(null, 9)).sources.map(({ id }) => id)).toEqual([source(2).id, source(3).id]);
});

test("a change that another one overtakes is made again on what that one stored", async () => {
  await store.put(source(1));
  let overtaken = false;
  const changed = await store.change(source(1).id, (found) => {
    if (!overtaken) {
      overtaken = true;
      void env.MASKS.put(`sources/${found.id}`, JSON.stringify({ ...found, name: "renamed" }));
    }
    return { ...found, createdAt: 2 };
  });
  expect(changed).toMatchObject({ name: "renamed", createdAt: 2 });
  expect(await store.get(source(1).id)).toEqual(changed);
});

test("a change of what is not there is none", async () => {
  expect(await store.change(source(1).id, (found) => found)).toBeNull();
  expect((await env.MASKS.list()).objects).toEqual([]);
});

test("the sources of an account are deleted beside many others", async () => {
  const owned = (number: number, account: string | null) => ({ ...source(number), account });
  for (let number = 0; number < 6; number++)
    await store.put(owned(number, ["newsroom", "news", null][number % 3] ?? null));
  await store.change(source(3).id, (found) => ({ ...found, name: "changed" }));
  const pages = new SourceStore({
    list: (options: R2ListOptions) => env.MASKS.list({ ...options, limit: 1 }),
    delete: (keys: string[]) => env.MASKS.delete(keys),
  } as Partial<R2Bucket> as R2Bucket);
  await pages.deleteAllOf("newsroom");
  await pages.deleteAllOf("newsroom");
  expect((await store.list(null, 9)).sources.map(({ account }) => account)).toEqual(["news", null, "news", null]);
});
