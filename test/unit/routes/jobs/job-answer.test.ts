import { expect, test } from "vitest";
import { JobAnswer } from "../../../../schemas/jobs.ts";
import type { JobOrder } from "../../../../src/jobs/calls.ts";
import { jobAnswer, queuedFacts } from "../../../../src/routes/jobs/job-answer.ts";

const ID = `req_${"0".repeat(26)}`;
const ORDER: JobOrder = {
  id: ID,
  account: "newsroom",
  operation: "recognize",
  mode: "live",
  fields: { text: "Eileen Collins" },
  image: null,
  payer: { kind: "nobody" },
  origin: "https://namesight.test",
  acceptedAt: 0,
  deadline: 60_000,
  keepSeconds: 3_600,
  reference: "1",
  batch: null,
  chat: null,
  webhook: { url: "https://receiver.example.com/", events: ["job.failed"], secret: "whsec_made" },
};

test("a job that has just begun waits for its turn, and nothing of the post is told", () => {
  const answer = jobAnswer(queuedFacts(ORDER));
  expect(JobAnswer.parse(answer)).toEqual({
    id: ID,
    operation: "recognize",
    state: "queued",
    reference: "1",
    batch_id: null,
    created_at: "1970-01-01T00:00:00.000Z",
    started_at: null,
    ended_at: null,
    deadline_at: "1970-01-01T00:01:00.000Z",
    expires_at: null,
    partial: null,
    progress: { stages: [], entities: [] },
    problem: null,
    charge: null,
    links: {
      self: `https://namesight.test/v1/jobs/${ID}`,
      events: `https://namesight.test/v1/jobs/${ID}/events`,
      result: `https://namesight.test/v1/jobs/${ID}/result`,
    },
    webhook: { url: "https://receiver.example.com/", secret: null },
  });
  expect(JSON.stringify(answer)).not.toContain("Eileen");
});

test("the secret of a webhook is shown where that is asked, and none where there is no webhook", () => {
  expect(jobAnswer(queuedFacts(ORDER), "whsec_made").webhook?.secret).toBe("whsec_made");
  expect(jobAnswer(queuedFacts({ ...ORDER, webhook: null }), "whsec_made").webhook).toBeNull();
});
