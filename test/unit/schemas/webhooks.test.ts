import { expect, test } from "vitest";
import { LIMITS } from "../../../schemas/limits.ts";
import {
  ChangeWebhookRequest,
  CreateWebhookRequest,
  RotateWebhookRequest,
  WebhookEvent,
  WebhookId,
  WebhookSecret,
} from "../../../schemas/webhooks.ts";

const url = "https://example.com/hook";

test("a new endpoint is told every event where it asks for none, and has a name where it is given one", () => {
  expect(CreateWebhookRequest.parse({ url })).toEqual({ url, events: WebhookEvent.options, name: "" });
  expect(CreateWebhookRequest.parse({ url, events: ["batch.ended"], name: "a" })).toMatchObject({ name: "a" });
});

test("a change has what is to be different alone, and a rotation a day", () => {
  expect(ChangeWebhookRequest.parse({})).toEqual({});
  expect(ChangeWebhookRequest.parse({ enabled: true })).toEqual({ enabled: true });
  expect(RotateWebhookRequest.parse({})).toEqual({ overlap_seconds: 24 * 60 * 60 });
});

test.each([
  ["an endpoint without an address", CreateWebhookRequest, {}],
  ["an address that is too long", CreateWebhookRequest, { url: `${url}${"a".repeat(LIMITS.webhookUrlLength)}` }],
  ["an endpoint that is told nothing", CreateWebhookRequest, { url, events: [] }],
  ["a test message as an event", CreateWebhookRequest, { url, events: ["ping"] }],
  ["a name that is too long", ChangeWebhookRequest, { name: "a".repeat(LIMITS.keyNameLength + 1) }],
  ["a secret of the caller's", ChangeWebhookRequest, { secret: `whsec_${"A".repeat(43)}=` }],
  ["an overlap before now", RotateWebhookRequest, { overlap_seconds: -1 }],
  ["an overlap that is too long", RotateWebhookRequest, { overlap_seconds: LIMITS.keyOverlapSeconds + 1 }],
] as const)("%s is refused", (_what, schema, fields) => {
  expect(schema.safeParse(fields).success).toBe(false);
});

test("ids and secrets have their forms", () => {
  expect(WebhookId.safeParse(`wh_${"0a".repeat(12)}`).success).toBe(true);
  expect(WebhookId.safeParse(`key_${"0a".repeat(12)}`).success).toBe(false);
  expect(WebhookSecret.safeParse(`whsec_${"A".repeat(43)}=`).success).toBe(true);
  expect(WebhookSecret.safeParse(`whsec_${"A".repeat(20)}`).success).toBe(false);
});
