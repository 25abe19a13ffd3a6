import { expect, test } from "vitest";
import { LIMITS } from "../../../schemas/limits.ts";
import * as examples from "../../../schemas/webhook-examples.ts";
import { DeliveriesAnswer, NewWebhookAnswer, WebhooksAnswer, WebhookTestAnswer } from "../../../schemas/webhooks.ts";

test("examples have the form of answers, and no secret of them signs anything", () => {
  WebhooksAnswer.parse(examples.WEBHOOKS);
  WebhookTestAnswer.parse(examples.TESTED);
  for (const example of [examples.NEW_WEBHOOK, examples.ROTATED]) {
    const { secret } = NewWebhookAnswer.parse(example);
    expect(atob(secret.slice("whsec_".length))).toBe("\0".repeat(32));
  }
});

test("a delivery that failed is tried again after the first wait", () => {
  for (const { attempts, created_at } of DeliveriesAnswer.parse(examples.DELIVERIES).deliveries) {
    const [{ at, next_at } = { at: "", next_at: null }] = attempts;
    expect(at).toBe(created_at);
    const wait = Date.parse(next_at ?? "") - Date.parse(at);
    expect(wait).toBeGreaterThanOrEqual(5_000);
    expect(wait).toBeLessThan(LIMITS.webhookMs);
  }
});
