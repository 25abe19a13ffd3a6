import { expect, test } from "vitest";
import { dropAnswer, keepAnswer } from "../../../src/accounts/keep-answer.ts";
import { AnswerStore, answerKey } from "../../../src/storage/answer-store.ts";
import { MemoryBucket } from "../../support/accounts/memory-bucket.ts";

const answer = { status: 200, contentType: "application/json", body: new TextEncoder().encode("{}") };
const charge = { requestId: "req_1", amount: 5, units: { calls: 1, entities: 0, masks: 0 }, cost: null };

function start() {
  const bucket = new MemoryBucket();
  const lines: string[] = [];
  const dependencies = {
    answers: new AnswerStore(bucket.asBucket()),
    timer: () => new AbortController().signal,
    log: ({ event }: { readonly event: string }) => void lines.push(event),
  };
  return { bucket, lines, dependencies };
}

test("keeps an answer with all that its charge can be booked from, and drops it", async () => {
  const { bucket, dependencies } = start();
  const kept = { status: 200, contentType: "application/json" };
  expect(await keepAnswer(answer, charge, "newsroom", dependencies)).toEqual(kept);
  const stored = bucket.objects.get(answerKey("newsroom", "req_1"));
  expect(new TextDecoder().decode(stored?.bytes)).toBe("{}");
  const { requestId: _, ...facts } = charge;
  expect(JSON.parse(stored?.customMetadata.facts ?? "")).toEqual({ ...facts, kept });
  await dropAnswer("newsroom", "req_1", dependencies);
  expect(bucket.objects.size).toBe(0);
});

test("does without a bucket that fails, and logs it", async () => {
  const { bucket, lines, dependencies } = start();
  bucket.before = async () => {
    throw new Error("R2 cannot be reached");
  };
  expect(await keepAnswer(answer, charge, "newsroom", dependencies)).toBeNull();
  await dropAnswer("newsroom", "req_1", dependencies);
  expect(lines).toEqual(["answer_not_kept", "answer_not_dropped"]);
});
