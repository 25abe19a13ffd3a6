import { createHash } from "node:crypto";
import { expect, test, vi } from "vitest";
import type { WebhookEvent } from "../../../schemas/webhooks.ts";
import { linksOf } from "../../../src/jobs/tell.ts";
import { NOON } from "../../support/accounts/account.ts";
import { JOB_ID, jobOrder, TestJob } from "../../support/jobs/test-job.ts";
import { useQuickHmac } from "../../support/webhooks/quick-hmac.ts";

// The platform computes digests in another thread, whose end no virtual clock can order.
vi.mock("../../../src/storage/digest.ts", () => ({
  sha256: async (data: string | Uint8Array) => createHash("sha256").update(data).digest("hex"),
}));
useQuickHmac();

const secret = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
const webhookFor = (event: WebhookEvent) => ({ url: "https://a.example.com/hook", events: [event], secret });

test("links are under the deployment's own address, with its path", () => {
  expect(linksOf(JOB_ID, "https://a.example.com/base/")).toEqual({
    self: `https://a.example.com/base/v1/jobs/${JOB_ID}`,
    events: `https://a.example.com/base/v1/jobs/${JOB_ID}/events`,
    result: `https://a.example.com/base/v1/jobs/${JOB_ID}/result`,
  });
});

test("the webhook of the request is told of its end, signed, once, and again until it is taken", async () => {
  const job = new TestJob();
  const statuses = [500, 204];
  job.receive = () => statuses.shift() ?? 204;
  await job.run(jobOrder({ webhook: webhookFor("job.succeeded"), reference: "mine" }));
  await job.passUntil(NOON + 3_600_000);
  const [first, second] = job.sent;
  const names = ["webhook-id", "webhook-timestamp", "webhook-signature"];
  expect(job.sent.length).toBe(2);
  expect(first?.headers.get("webhook-id")).toBe(second?.headers.get("webhook-id"));
  for (const name of names) expect(first?.headers.get(name)).toBeTruthy();
  const links = linksOf(JOB_ID, "https://namesight.test/");
  const body = await first?.json();
  expect(body).toMatchObject({
    type: "job.succeeded",
    data: { id: JOB_ID, state: "succeeded", reference: "mine", links: { job: links.self, result: links.result } },
  });
  // A delivery can be made again by its id.
  expect(await job.state.redeliver(first?.headers.get("webhook-id") ?? "")).toBe(true);
  await job.passUntil(job.time.now + 1_000);
  expect(job.sent.length).toBe(3);
  expect(await job.state.redeliver("msg_unknown")).toBe(false);
});

test("a webhook is not told of an end that it did not ask for", async () => {
  const job = new TestJob();
  await job.run(jobOrder({ webhook: webhookFor("job.failed") }));
  expect(job.sent).toEqual([]);
});
