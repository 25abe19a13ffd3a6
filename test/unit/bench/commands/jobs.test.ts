import { afterEach, expect, test } from "vitest";
import { benchJobs } from "../../../../bench/commands/jobs.ts";
import { type JobServer, startJobServer } from "../../../support/job-server.ts";

let server: JobServer;
afterEach(() => server.stop());

test("measures jobs beside the same posts answered at once", async () => {
  server = await startJobServer();
  const figures = await benchJobs(server.session, undefined, {
    accepts: { jobs: 5, connections: 2, rounds: 2 },
    whole: { texts: 2, pictures: 1, apart: 0, bytes: 5_000 },
    events: { rounds: 1, together: 2 },
    batch: { posts: 4, warming: 1, concurrent: 2 },
  });
  const ratio = ["×", { most: 1.1 }];
  expect(figures.map(({ unit, goal }) => [unit, goal])).toEqual([
    ...Array(8).fill(ratio),
    ["ms", undefined],
    ["ms", undefined],
    ["/s", undefined],
    ["×", undefined],
  ]);
  const count = (asked: RegExp) => server.asked.filter((one) => asked.test(one)).length;
  // To warm up: a post at once, a job, a call and a batch. Then 3 posts each way, 2 streams and 2 jobs with their
  // events, 2 rounds of 5 jobs, and 4 calls and a batch of 4.
  expect(count(/^POST .*respond-async$/)).toBe(1 + 3 + 2 + 10);
  expect(count(/^POST .*wait=/)).toBe(3);
  expect(count(/^POST .*recognize$/)).toBe(1 + 3 + 2 + 1 + 4);
  expect(count(/^GET .*\/events$/)).toBe(2);
  expect(count(/^GET .*jobs\/\w+\/result$/)).toBe(1 + 3 + 10);
  expect(count(/^POST .*batches$/)).toBe(2);
});
