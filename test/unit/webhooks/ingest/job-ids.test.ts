import fc from "fast-check";
import { expect, test } from "vitest";
import { JobId } from "../../../../schemas/jobs.ts";
import { jobIdOf } from "../../../../src/webhooks/ingest/job-ids.ts";

const messages = fc.tuple(fc.string(), fc.array(fc.string(), { minLength: 1 }), fc.nat(20));

test("a job's id is the same for the same picture of the same message, and a valid one", async () => {
  await fc.assert(
    fc.asyncProperty(messages, async ([source, identity, index]) => {
      const id = await jobIdOf(source, identity, index);
      expect(JobId.safeParse(id).success).toBe(true);
      expect(await jobIdOf(source, [...identity], index)).toBe(id);
    }),
  );
});

test("different sources, ids, kinds of ids and pictures have different jobs", async () => {
  await fc.assert(
    fc.asyncProperty(messages, messages, async (one, other) => {
      const [first, second] = await Promise.all([jobIdOf(...one), jobIdOf(...other)]);
      expect(first === second).toBe(JSON.stringify(one) === JSON.stringify(other));
    }),
  );
  // Parts of an id are not only joined.
  expect(await jobIdOf("src_1", ["id", "a", "b"], 0)).not.toBe(await jobIdOf("src_1", ["id", "a/b"], 0));
});

test("an id never changes: messages that were taken before an update are known after it", async () => {
  expect(await jobIdOf("src_0123456789abcdef01234567", ["id", "1"], 0)).toBe("req_HM3DJF9S0RCDCPRG0ADYJG4D83");
});
