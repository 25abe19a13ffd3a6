import { expect, test } from "vitest";
import { CANCELED, JOB } from "../../../schemas/job-examples.ts";
import { isEnd, JobAnswer, JobId } from "../../../schemas/jobs.ts";

test.each([
  [JOB, false],
  [CANCELED, true],
])("an example is an answer of the API, and of one moment of a job", (example, hasEnded) => {
  expect(JobAnswer.parse(example)).toEqual(example);
  expect(JobId.safeParse(example.id).success).toBe(true);
  expect([isEnd(example.state), example.ended_at !== null]).toEqual([hasEnded, hasEnded]);
  expect(Object.values(example.links).every((link) => link.includes(example.id))).toBe(true);
});
