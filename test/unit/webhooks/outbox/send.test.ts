import { Webhook } from "standardwebhooks";
import { describe, expect, test } from "vitest";
import { sendWebhook } from "../../../../src/webhooks/outbox/send.ts";
import { newWebhookSecret } from "../../../../src/webhooks/standard-webhooks.ts";
import { startReceiver } from "../../../support/receiver.ts";
import { VirtualTime } from "../../../support/virtual-time.ts";

const SECRETS = [1, 2].map((fill) => newWebhookSecret((length) => new Uint8Array(length).fill(fill)));
const MESSAGE = { id: "msg_1", body: '{"name":"Günter 🚀"}' };

/** Sends one message to a URL. The log is what was logged. */
async function send(
  url: string,
  change: Partial<Parameters<typeof sendWebhook>[2]> = {},
  secrets: readonly string[] = SECRETS,
) {
  const log: unknown[] = [];
  const time = new VirtualTime(Date.now());
  const sent = await sendWebhook({ url, secrets }, MESSAGE, {
    fetchPublic: (target, init) => fetch(target, init),
    allowedOrigins: new Set([new URL(url).origin]),
    clock: time.clock,
    timer: () => new AbortController().signal,
    log: (line) => log.push(line),
    ...change,
  });
  return { sent, log };
}

describe("sendWebhook over a real connection", () => {
  test("sends what the package standardwebhooks takes, by either secret", async () => {
    using receiver = await startReceiver((_, response) => void response.writeHead(200).end("thanks"));
    const { sent, log } = await send(`${receiver.origin}/hook`);
    expect([sent, log]).toEqual([{ status: 200, error: null, retryAfterMs: null, ms: 0 }, []]);
    const [{ headers, body } = { headers: {}, body: "" }] = receiver.received;
    for (const secret of SECRETS) {
      expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toEqual(JSON.parse(MESSAGE.body));
    }
    expect(headers).toMatchObject({ "webhook-id": "msg_1", "content-type": "application/json" });
  });

  test.each([
    [302, { location: "https://example.com/" }, null],
    [404, {}, null],
    [410, {}, null],
    [429, { "retry-after": "120" }, 120_000],
    [503, { "retry-after": "1" }, 1_000],
  ])("says that a receiver answered HTTP %i", async (status, headers, retryAfterMs) => {
    using receiver = await startReceiver((_, response) => void response.writeHead(status, headers).end("no"));
    const { sent } = await send(receiver.origin);
    expect(sent).toEqual({ status, error: `answered HTTP ${status}`, retryAfterMs, ms: 0 });
    expect(receiver.received).toHaveLength(1);
  });

  test("says that a receiver broke off", async () => {
    using receiver = await startReceiver((request) => void request.socket.resetAndDestroy());
    const { sent, log } = await send(receiver.origin);
    expect([sent, log]).toEqual([{ status: null, error: "cannot be reached", retryAfterMs: null, ms: 0 }, []]);
  });
});

test("says that a receiver did not answer within 15 s", async () => {
  const time = new VirtualTime();
  const timeout = new AbortController();
  const hanging = async () => {
    time.now += 15_000;
    timeout.abort();
    throw timeout.signal.reason;
  };
  const dependencies = { fetchPublic: hanging, clock: time.clock, timer: () => timeout.signal };
  const { sent } = await send("https://example.com/", dependencies);
  expect(sent).toEqual({ status: null, error: "did not answer within 15000 ms", retryAfterMs: null, ms: 15_000 });
});

test("says why a URL is refused, before anything is sent", async () => {
  let requests = 0;
  const fetchPublic = async () => {
    requests++;
    return new Response();
  };
  const { sent } = await send("https://10.0.0.1/hook", { fetchPublic, allowedOrigins: new Set() });
  expect([sent.status, sent.error, requests]).toEqual([null, "does not name a public host", 0]);
});

test("never rejects, and logs no secret", async () => {
  const { sent, log } = await send("https://example.com/", {}, ["whsec_%s3cret"]);
  expect([sent.status, sent.error]).toEqual([null, "could not be posted to"]);
  expect(log).toMatchObject([{ event: "webhook_not_sent", delivery: "msg_1", error: "TypeError" }]);
  expect(JSON.stringify([sent, log])).not.toContain("s3cret");
});
