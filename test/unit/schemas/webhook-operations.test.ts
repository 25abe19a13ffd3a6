import { expect, test } from "vitest";
import * as examples from "../../../schemas/webhook-examples.ts";
import { WEBHOOK_OPERATIONS } from "../../../schemas/webhook-operations.ts";
import { NewWebhookAnswer } from "../../../schemas/webhooks.ts";

test("every operation needs the scope admin, and one that names an endpoint may not find it", () => {
  expect(WEBHOOK_OPERATIONS.length).toBe(8);
  for (const { id, tag, access, path, pathParameters = {}, problems } of WEBHOOK_OPERATIONS) {
    expect([id, tag, access, problems.includes("scope_missing")]).toEqual([id, "webhooks", "admin", true]);
    const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    expect([id, Object.keys(pathParameters)]).toEqual([id, named]);
    expect([id, problems.includes("not_found")]).toEqual([id, true]);
  }
});

test("a secret is in the answers that show it once, and in no other", () => {
  const showing = WEBHOOK_OPERATIONS.filter(({ answer }) => answer?.schema === NewWebhookAnswer);
  expect(showing.map(({ id, created }) => [id, created])).toEqual([
    ["createWebhook", true],
    ["rotateWebhook", true],
  ]);
  const others = WEBHOOK_OPERATIONS.filter((operation) => !showing.includes(operation));
  for (const { answer } of others) expect(JSON.stringify(answer?.example ?? null)).not.toContain("whsec_");
});

test("an operation that leaves work to be done later answers 202, and no other does", () => {
  const accepted = WEBHOOK_OPERATIONS.filter((operation) => operation.accepted);
  expect(accepted.map(({ id, answer }) => [id, answer?.example])).toEqual([
    ["replayDelivery", examples.DELIVERIES.deliveries[0]],
  ]);
});
