import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { toUtf8 } from "../../../schemas/encodings.ts";
import { AnswerStore, answerKey } from "../../../src/storage/answer-store.ts";
import { cacheName, Leftovers } from "../../../src/storage/leftovers.ts";

const bytes = async (store: AnswerStore, id: string) => {
  const found = await store.get("newsroom", id);
  return found && new Response(found.body).text();
};

test("an answer is kept byte by byte with its facts, under its account and request, until it is deleted", async () => {
  const store = new AnswerStore(env.MASKS);
  await store.put("newsroom", "req_1", toUtf8("{}\u0000é"), { facts: "1" });
  await store.put("newsroom", "req_2", toUtf8("2"), {});
  expect((await env.MASKS.list()).objects.map(({ key }) => key)).toEqual([
    answerKey("newsroom", "req_1"),
    answerKey("newsroom", "req_2"),
  ]);
  expect([await bytes(store, "req_1"), await store.facts("newsroom", "req_1")]).toEqual(["{}\u0000é", { facts: "1" }]);
  expect([await store.get("other", "req_1"), await store.facts("other", "req_1")]).toEqual([null, null]);
  await store.delete("newsroom", ["req_1", "req_3"]);
  expect([await bytes(store, "req_1"), await bytes(store, "req_2")]).toEqual([null, "2"]);
});

test("what a request left in R2 and in the cache is deleted by its names, and nothing else", async () => {
  const leftovers = new Leftovers(env.MASKS, env.EXPANSIONS);
  for (const key of ["masks/a/1", "masks/a/2"]) await env.MASKS.put(key, "x");
  for (const key of ["one", "two"]) await env.EXPANSIONS.put(key, "x");
  const many = Array.from({ length: 1_200 }, (_, index) => `masks/none/${index}`);
  await leftovers.delete([...many, "masks/a/1", cacheName("one"), cacheName("none")]);
  expect((await env.MASKS.list({ prefix: "masks/" })).objects.map(({ key }) => key)).toEqual(["masks/a/2"]);
  expect((await env.EXPANSIONS.list()).keys.map(({ name }) => name)).toEqual(["two"]);
});

test("cache entries are deleted at the same time, so that those of a long post are gone in time", async () => {
  const all = Promise.withResolvers<void>();
  let begun = 0;
  const kv = {
    delete: () => {
      if (++begun === 200) all.resolve();
      return all.promise;
    },
  } as unknown as KVNamespace;
  const names = Array.from({ length: 200 }, (_, index) => cacheName(String(index)));
  const deleting = new Leftovers(env.MASKS, kv).delete(names);
  await expect.poll(() => begun).toBe(200);
  await deleting;
});
