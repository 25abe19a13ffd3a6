import { expect, test } from "vitest";
import { BatchId, BatchParameters, isLineEnd, LineState, ResultsParameters } from "../../../schemas/batches.ts";
import { JobId } from "../../../schemas/jobs.ts";

test("a line waits, runs, and has one of five ends", () => {
  expect(LineState.options.filter((state) => !isLineEnd(state))).toEqual(["waiting", "running"]);
  expect(LineState.options.filter(isLineEnd)).toEqual(["succeeded", "failed", "canceled", "expired", "invalid"]);
});

test("the id of a batch is that of a request, and its jobs have theirs from it", () => {
  const id = `req_${"7".repeat(26)}`;
  expect(BatchId.safeParse(id).success).toBe(true);
  expect(BatchId.safeParse(`${id}-1`).success).toBe(false);
  expect(JobId.safeParse(`${id}-1000`).success).toBe(true);
});

test.each([
  [{}, { max_concurrent: 5 }],
  [
    { max_concurrent: "50", deadline_ms: "500" },
    { max_concurrent: 50, deadline_ms: 500 },
  ],
])("parameters %j are %j", (sent, read) => {
  expect(BatchParameters.parse(sent)).toEqual(read);
});

test.each([
  { max_concurrent: "51" },
  { max_concurrent: "1.5" },
  { max_concurrent: "x" },
  { deadline_ms: "499" },
  { other: "1" },
])("parameters %j are refused", (sent) => {
  expect(BatchParameters.safeParse(sent).success).toBe(false);
});

test("results are read from the first on, without waiting, where nothing is said", () => {
  expect(ResultsParameters.parse({})).toEqual({ after: 0, wait: 0 });
  expect(ResultsParameters.safeParse({ wait: "61" }).success).toBe(false);
});
