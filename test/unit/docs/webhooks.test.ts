import { readFileSync } from "node:fs";
import ts from "typescript";
import { expect, test } from "vitest";
import { toUtf8 } from "../../../schemas/encodings.ts";
import { LIMITS } from "../../../schemas/limits.ts";
import { toNanoDollars, toUsd } from "../../../schemas/money.ts";
import { priceOf } from "../../../schemas/prices.ts";
import { BatchMessage, JobMessage, PingMessage } from "../../../schemas/webhook-messages.ts";
import { CreateWebhookRequest, DisabledReason, WebhookEvent } from "../../../schemas/webhooks.ts";
import { batchMessage, pingMessage } from "../../../src/webhooks/outbox/messages.ts";
import { waitAfter } from "../../../src/webhooks/outbox/schedule.ts";
import { newWebhookSecret, signMessage } from "../../../src/webhooks/standard-webhooks.ts";

const page = readFileSync("docs/webhooks.md", "utf8");
const words = page.replace(/\s+/g, " ");
const code = (language: string) => new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``).exec(page)?.[1] ?? "";

type Verifier = (headers: Headers, body: Uint8Array, secret: string, now?: number) => boolean;

/** The page's function in TypeScript, as a receiver would run it. */
async function verifier(): Promise<Verifier> {
  const { outputText } = ts.transpileModule(code("ts"), { compilerOptions: { module: ts.ModuleKind.ESNext } });
  const { isFromNamesight } = await import(`data:text/javascript,${encodeURIComponent(outputText)}`);
  return isFromNamesight;
}

test("docs/webhooks.md: its function takes what Namesight signed, within five minutes, and nothing else", async () => {
  const isFromNamesight = await verifier();
  const [old, present, other] = [1, 2, 3].map((byte) =>
    newWebhookSecret((length) => new Uint8Array(length).fill(byte)),
  );
  const secrets = [present ?? "", old ?? ""];
  const [now, body] = [1_795_694_403, toUtf8('{"type":"job.succeeded"}')];
  const signed = await signMessage(secrets, "msg_1", now, body);
  const check = (secret: string, fields: Partial<typeof signed> = {}, seconds = 0, bytes: Uint8Array = body) =>
    isFromNamesight(new Headers({ ...signed, ...fields }), bytes, secret, (now + seconds) * 1000);
  for (const secret of secrets) expect(check(secret)).toBe(true);
  expect([check(secrets[0] ?? "", {}, 300), check(secrets[0] ?? "", {}, -300)]).toEqual([true, true]);
  const refused = [
    check(other ?? ""),
    check(secrets[0] ?? "", {}, 301),
    check(secrets[0] ?? "", {}, -301),
    check(secrets[0] ?? "", {}, 0, toUtf8('{"type":"job.succeeded" }')),
    check(secrets[0] ?? "", { "webhook-id": "msg_2" }),
    check(secrets[0] ?? "", { "webhook-timestamp": String(now + 1) }),
    check(secrets[0] ?? "", { "webhook-timestamp": "" }, -now),
    check(secrets[0] ?? "", { "webhook-signature": "" }),
    check(secrets[0] ?? "", { "webhook-signature": "v1, v2,AAAA v1a,x" }),
  ];
  expect(refused).toEqual(refused.map(() => false));
});

test("docs/webhooks.md: its function in Python tolerates the same age, and signs the same", () => {
  const [python, typescript] = [code("python"), code("ts")];
  const tolerance = (text: string) => /TOLERANCE_SECONDS = (\d+)/.exec(text)?.[1];
  expect(tolerance(python)).toBe(tolerance(typescript));
  expect(python).toContain('f"{message_id}.{timestamp}.".encode() + body');
});

test("docs/webhooks.md: its message and its request have the form that the code has", () => {
  const message = JobMessage.parse(JSON.parse(code("json")));
  const { units, amount_usd } = message.data.charge ?? { units: { calls: 0, entities: 0, masks: 0 } };
  expect(amount_usd).toBe(toUsd(priceOf(message.data.operation, units)));
  const request = /-d '([^']+)'/.exec(code("bash"))?.[1] ?? "";
  expect(CreateWebhookRequest.safeParse(JSON.parse(request)).success).toBe(true);
});

test("docs/webhooks.md: its messages about a batch and of a test are as the code writes them", () => {
  const shown = [...page.matchAll(/```json\n([\s\S]*?)```/g)].map(([, json = ""]) => JSON.parse(json));
  const [batch, ping] = [shown[1], shown[2]].map((message) => message as Record<string, unknown>);
  const { data } = BatchMessage.parse(batch);
  const outcome = {
    id: data.id,
    state: data.state,
    createdAt: Date.parse(data.created_at),
    endedAt: Date.parse(data.ended_at),
    counts: data.counts,
    amount: toNanoDollars(data.amount_usd ?? ""),
  };
  expect(batchMessage(outcome, data.links)).toBe(JSON.stringify(batch));
  const { data: endpoint, timestamp } = PingMessage.parse(ping);
  expect(pingMessage(endpoint.id, Date.parse(timestamp))).toBe(JSON.stringify(ping));
});

test("docs/webhooks.md has the times, the limits and the names that the code has", () => {
  const waits = [5, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 14 * 3600];
  const failed = { status: 500, retryAfterMs: null };
  const wait = (attempt: number, chance: number) => waitAfter(attempt, failed, chance);
  expect(waits.map((_, index) => wait(index + 1, 0))).toEqual(waits.map((seconds) => seconds * 1000));
  expect(wait(waits.length + 1, 0)).toBeNull();
  expect(wait(1, 1)).toBe(6_000);
  const days = (seconds: number) => seconds / (24 * 60 * 60);
  const said = [
    "5 s, 5 min, 30 min, 2 h, 5 h, 10 h and 14 h after the attempt before, each wait up to a fifth longer",
    `at most ${LIMITS.webhooks} endpoints`,
    `at most ${LIMITS.webhookBytes.toLocaleString("en-US")} bytes`,
    `within ${LIMITS.webhookMs / 1000} seconds`,
    `the last ${LIMITS.webhookDeliveries} messages of at most ${days(LIMITS.deliveryRecordSeconds)} days`,
    `(0 to ${days(LIMITS.keyOverlapSeconds)} days)`,
    ...WebhookEvent.options.map((event) => `\`${event}\``),
    ...DisabledReason.options.map((reason) => `"${reason}"`),
  ];
  for (const sentence of said) expect(words).toContain(sentence);
  expect([days(LIMITS.webhookFailingSeconds), days(LIMITS.webhookTrySeconds), days(LIMITS.webhookWaitSeconds)]).toEqual(
    [3, 3, 1],
  );
});
