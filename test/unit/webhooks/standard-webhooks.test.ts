import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import { isAuthentic, isWebhookSecret } from "../../../src/webhooks/standard-webhooks.ts";

const SECRET = `whsec_${Buffer.from("a shared secret").toString("base64")}`;
const NOW = 1_700_000_000;
const BODY = new TextEncoder().encode('{"id":"p1"}');

/** Signed by another implementation than ours. */
function headers(more: { time?: number; id?: string; secret?: string; before?: string } = {}) {
  const { time = NOW, id = "msg_1", secret = "a shared secret", before = "" } = more;
  const signature = createHmac("sha256", secret).update(`${id}.${time}.`).update(BODY).digest("base64");
  return new Headers({
    "webhook-id": id,
    "webhook-timestamp": String(time),
    "webhook-signature": `${before}v1,${signature}`,
  });
}

describe("isAuthentic", () => {
  test("accepts a message that was signed with the secret", async () => {
    expect(await isAuthentic(headers(), BODY, SECRET, NOW)).toBe(true);
  });

  test("accepts one valid signature among others, as senders rotate keys", async () => {
    expect(await isAuthentic(headers({ before: "v1a,xx v1,AAAA " }), BODY, SECRET, NOW)).toBe(true);
  });

  test.each([
    ["the body was changed", headers(), new Uint8Array([1]), NOW],
    [
      "the id was changed",
      new Headers([...headers()].map(([name, value]): [string, string] => [name, name === "webhook-id" ? "x" : value])),
      BODY,
      NOW,
    ],
    ["another secret signed it", headers({ secret: "another" }), BODY, NOW],
    ["it is too old", headers({ time: NOW - 301 }), BODY, NOW],
    ["it comes from the future", headers({ time: NOW + 301 }), BODY, NOW],
    ["it has no headers", new Headers(), BODY, NOW],
  ])("refuses a message when %s", async (_, sent, body, now) => {
    expect(await isAuthentic(sent, body, SECRET, now)).toBe(false);
  });

  test("refuses everything, and does not throw, when the secret is malformed", async () => {
    expect(await isAuthentic(headers(), BODY, "whsec_%%%", NOW)).toBe(false);
  });
});

test.each([
  [SECRET, true],
  ["whsec_", false],
  ["whsec_%%%", false],
])("isWebhookSecret(%s) is %s", (secret, is) => {
  expect(isWebhookSecret(secret)).toBe(is);
});
