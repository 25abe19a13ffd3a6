import { expect, test } from "vitest";
import type { AccountCalls } from "../../../../src/accounts/calls.ts";
import { factsOf } from "../../../../src/jobs/batches/lines.ts";
import { createTables } from "../../../../src/jobs/batches/tables.ts";
import { tellEnd } from "../../../../src/jobs/batches/tell-end.ts";
import { deliver, type Telling } from "../../../../src/jobs/tell.ts";
import { newWebhookSecret } from "../../../../src/webhooks/standard-webhooks.ts";
import { NOON } from "../../../support/accounts/account.ts";
import { NodeDatabase } from "../../../support/accounts/node-database.ts";
import { BATCH, batchOrder, INVALID } from "../../../support/batches/test-batch.ts";

const secret = newWebhookSecret((length) => new Uint8Array(length).fill(1));
const webhook = { url: "https://example.com/own", events: ["batch.ended"], secret } as const;

function open(mode: "open" | "keys", account: Partial<AccountCalls> = {}) {
  const database = new NodeDatabase();
  createTables(database, batchOrder([INVALID], { webhook }), NOON);
  const sent: Array<{ url: string; body: unknown }> = [];
  const deployment = {
    access: mode === "open" ? { mode } : { mode, accounts: { at: () => account } },
    fetchPublic: async (url: string | URL | Request, init?: RequestInit) => {
      sent.push({ url: String(url), body: JSON.parse(new TextDecoder().decode(init?.body as Uint8Array)) });
      return new Response(null, { status: 204 });
    },
    allowedOrigins: new Set<string>(),
    clock: () => NOON,
    timer: () => new AbortController().signal,
    chance: () => 0,
    log: () => undefined,
  } as unknown as Telling;
  return { database, sent, deployment, facts: factsOf(database) };
}

test("the webhook of the request is told once, with counts and links", async () => {
  const { database, sent, deployment, facts } = open("open");
  await tellEnd(database, facts, deployment);
  await tellEnd(database, facts, deployment);
  await deliver(database, "public", deployment);
  await deliver(database, "public", deployment);
  expect(sent).toEqual([
    {
      url: webhook.url,
      body: {
        type: "batch.ended",
        timestamp: new Date(NOON).toISOString(),
        data: expect.objectContaining({
          id: BATCH,
          state: "ended",
          counts: expect.objectContaining({ invalid: 1 }),
          amount_usd: null,
          links: expect.objectContaining({ batch: `https://namesight.test/v1/batches/${BATCH}` }),
        }),
      },
    },
  ]);
});

test("the endpoints of the account are told too, and it hears of each attempt", async () => {
  const notes: unknown[] = [];
  const endpoint = { id: "wh_1", url: "https://example.com/desk", secrets: [secret], events: ["batch.ended"] } as const;
  const { database, sent, deployment, facts } = open("keys", {
    webhooksFor: async () => [endpoint],
    webhook: async () => endpoint,
    noteDelivery: async (note) => void notes.push(note),
  });
  await tellEnd(database, facts, deployment);
  await deliver(database, "newsroom", deployment);
  expect(sent.map(({ url }) => url).toSorted()).toEqual(["https://example.com/desk", "https://example.com/own"]);
  expect(notes).toMatchObject([{ endpoint: "wh_1", subject: BATCH, event: "batch.ended", status: 204 }]);
});

test("an account that does not answer is asked again later", async () => {
  const { database, deployment, facts } = open("keys", { webhooksFor: () => Promise.reject(new Error("away")) });
  await expect(tellEnd(database, facts, deployment)).rejects.toThrow("away");
});
