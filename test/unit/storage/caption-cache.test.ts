import { expect, test } from "vitest";
import { captionKey } from "../../../src/storage/caption-cache.ts";
import { memoryCaches } from "../../support/memory-caches.ts";

const caption = { caption: "A cat.", model: "m", version: "1" };

test("gives back what was kept under a key, and nothing for another or for what is no caption", async () => {
  const { captions, values } = memoryCaches();
  await captions.put("a", caption);
  values.set("b", JSON.stringify({ caption: "" }));
  expect(await Promise.all(["a", "b", "c"].map((key) => captions.get(key)))).toEqual([caption, null, null]);
});

test("has a key that differs when any part of the question does", async () => {
  const question = { model: "m", promptVersion: "1", picture: "p" };
  const changes = [{}, { model: "n" }, { promptVersion: "2" }, { picture: "q" }];
  const keys = await Promise.all(changes.map((change) => captionKey({ ...question, ...change })));
  expect(new Set(keys).size).toBe(keys.length);
});
