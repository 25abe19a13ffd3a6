import { expect, test } from "vitest";
import { BATCH_OPERATIONS } from "../../../schemas/batch-operations.ts";
import { OPERATIONS } from "../../../schemas/operations.ts";

test("every example is an answer of its operation, and its counts are of all posts", () => {
  for (const { id, answer } of BATCH_OPERATIONS) {
    if (!answer) continue;
    const parsed = answer.schema.safeParse(answer.example);
    expect([id, parsed.success]).toEqual([id, true]);
    const { posts, counts } = answer.example as { posts: number; counts: Record<string, number> };
    expect([id, Object.values(counts).reduce((sum, count) => sum + count, 0)]).toEqual([id, posts]);
  }
});

test("they are operations of the API, and what takes JSON lines has no JSON body", () => {
  expect(OPERATIONS).toEqual(expect.arrayContaining([...BATCH_OPERATIONS]));
  for (const { bodies, request } of BATCH_OPERATIONS) expect(bodies && request).toBeUndefined();
});
