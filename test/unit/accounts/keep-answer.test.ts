import { expect, test } from "vitest";
import { toUtf8 } from "../../../schemas/encodings.ts";
import { dropAnswer, keepAnswer } from "../../../src/accounts/keep-answer.ts";
import { AnswerStore } from "../../../src/storage/answer-store.ts";
import { MemoryBucket } from "../../support/accounts/memory-bucket.ts";

test("an answer is kept with what it cost, or what it cost alone, and a failure is no error", async () => {
  const bucket = new MemoryBucket();
  const lines: object[] = [];
  const dependencies = {
    answers: new AnswerStore(bucket.asBucket()),
    timer: () => new AbortController().signal,
    log: (line: object) => lines.push(line),
  };
  const facts = { requestId: "r1", amount: 5, units: { calls: 1, entities: 0, masks: 0 }, cost: null };
  const answer = { status: 200, contentType: "application/json", body: toUtf8("{}") };
  const kept = { status: 200, contentType: "application/json" };
  expect(await keepAnswer(answer, facts, "newsroom", dependencies)).toEqual(kept);
  const { requestId, ...stored } = facts;
  expect(await dependencies.answers.facts("newsroom", "r1")).toEqual({ facts: JSON.stringify({ ...stored, kept }) });
  expect(await keepAnswer(null, facts, "newsroom", dependencies)).toBeNull();
  expect(bucket.objects.get("answers/newsroom/r1")?.bytes).toHaveLength(0);
  await dropAnswer("newsroom", "r1", dependencies);
  expect(bucket.objects.size).toBe(0);
  bucket.before = async () => {
    throw new Error("R2 is away");
  };
  expect(await keepAnswer(answer, facts, "newsroom", dependencies)).toBeNull();
  await dropAnswer("newsroom", "r1", dependencies);
  expect(lines).toMatchObject([{ event: "answer_not_kept" }, { event: "answer_not_dropped" }]);
});
