import { expect, test } from "vitest";
import { toUtf8 } from "../../../schemas/encodings.ts";
import { AnswerStore } from "../../../src/storage/answer-store.ts";
import { MemoryBucket } from "../../support/accounts/memory-bucket.ts";

test("an answer is stored under its account and its request, and deleted with others", async () => {
  const bucket = new MemoryBucket();
  const answers = new AnswerStore(bucket.asBucket());
  for (const id of ["r1", "r2"]) await answers.put("newsroom", id, toUtf8(id), { facts: id });
  expect([...bucket.objects.keys()]).toEqual(["answers/newsroom/r1", "answers/newsroom/r2"]);
  expect((await answers.get("newsroom", "r2"))?.size).toBe(2);
  expect(await answers.facts("newsroom", "r1")).toEqual({ facts: "r1" });
  expect([await answers.get("another", "r1"), await answers.facts("another", "r1")]).toEqual([null, null]);
  await answers.delete("newsroom", ["r1", "r2", "r3"]);
  expect(bucket.objects.size).toBe(0);
});
