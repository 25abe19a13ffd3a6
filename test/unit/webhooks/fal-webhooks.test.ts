import { describe, expect, test } from "vitest";
import { FAL_KEYS_URL, FalKeys } from "../../../src/webhooks/fal-keys.ts";
import { falWebhooks } from "../../../src/webhooks/fal-webhooks.ts";
import { falKeySet, signFal } from "../../support/hosted/fal-webhook.ts";

const NOW = Date.UTC(2026, 10, 26, 12) / 1000;
const BODY = '{"request_id":"q1","status":"OK","payload":{}}';

/** Verifies with fal's published keys. */
function verifier() {
  const fetch = async (url: URL) => {
    expect(url.href).toBe(FAL_KEYS_URL.href);
    return Response.json(await falKeySet());
  };
  return falWebhooks(new FalKeys({ clock: () => NOW * 1000, fetch }));
}

async function verify(
  { age = 0, forged = false, body = BODY }: { age?: number; forged?: boolean; body?: string } = {},
  change: Record<string, string> = {},
): Promise<boolean> {
  const headers = await signFal({ requestId: "q1", timestamp: NOW - age, body: BODY, forged });
  const signedBy = verifier();
  const claim = signedBy.readClaim(new Headers({ ...headers, ...change }), NOW);
  return claim !== null && signedBy.isSigned(claim, new TextEncoder().encode(body) as Uint8Array<ArrayBuffer>);
}

describe("falWebhooks", () => {
  test("accepts a message that fal signed, within five minutes either way", async () => {
    expect(await Promise.all([0, 300, -300].map((age) => verify({ age })))).toEqual([true, true, true]);
  });

  test.each<[what: string, options: Parameters<typeof verify>[0], change?: Record<string, string>]>([
    ["signed by another key", { forged: true }],
    ["older than five minutes", { age: 301 }],
    ["from the future", { age: -301 }],
    ["with another body", { body: `${BODY} ` }],
    ["about another request", {}, { "x-fal-webhook-request-id": "q2" }],
    ["of another user", {}, { "x-fal-webhook-user-id": "u2" }],
    ["with another time", {}, { "x-fal-webhook-timestamp": String(NOW - 1) }],
    ["with a signature of zeros", {}, { "x-fal-webhook-signature": "0".repeat(128) }],
  ])("refuses a message %s", async (_, options, change = {}) => {
    expect(await verify(options, change)).toBe(false);
  });

  test.each([
    ["request-id", ""],
    ["request-id", "x".repeat(257)],
    ["user-id", ""],
    ["user-id", "x".repeat(257)],
    ["timestamp", ""],
    ["timestamp", "now"],
    ["timestamp", "1e9"],
    ["signature", ""],
    ["signature", "0".repeat(127)],
    ["signature", "z".repeat(128)],
    ["signature", "0".repeat(130)],
  ])("reads no claim from headers with the %s %j", async (name, value) => {
    const headers = await signFal({ requestId: "q1", timestamp: NOW, body: BODY });
    expect(verifier().readClaim(new Headers({ ...headers, [`x-fal-webhook-${name}`]: value }), NOW)).toBeNull();
  });
});
