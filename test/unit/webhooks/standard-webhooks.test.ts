import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import { LIMITS } from "../../../schemas/limits.ts";
import { isSigned, isWebhookSecret, readClaim } from "../../../src/webhooks/standard-webhooks.ts";

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

/** Both steps of the check. */
async function isAuthentic(headers: Headers, body: Uint8Array, secret: string, now: number): Promise<boolean> {
  const claim = readClaim(headers, now);
  return claim !== null && isSigned(claim, body, secret);
}

describe("readClaim", () => {
  const base64 = (length: number) => btoa("x".repeat(length));
  const claimed = (change: Record<string, string>) =>
    readClaim(new Headers([...Object.entries({ ...Object.fromEntries(headers()), ...change })]), NOW);

  test("takes at most five signatures, and only those of 32 bytes", () => {
    const signatures = (count: number) =>
      Array(count)
        .fill(`v1,${base64(32)}`)
        .join(" ");
    expect(claimed({ "webhook-signature": signatures(LIMITS.callbackSignatures) })?.signatures).toHaveLength(5);
    expect(claimed({ "webhook-signature": signatures(6) })).toBeNull();
    expect(claimed({ "webhook-signature": signatures(4_000) })).toBeNull();
    const mixed = `v1,${base64(31)} v1a,${base64(32)} v1,${base64(32)} v1,${base64(33)} v1,${base64(90_000)}`;
    expect(claimed({ "webhook-signature": mixed })?.signatures).toHaveLength(1);
    expect(claimed({ "webhook-signature": `v1,${base64(64)}` })).toBeNull();
  });

  test("takes an id of 256 characters, and not one more", () => {
    expect(claimed({ "webhook-id": "m".repeat(256) })).not.toBeNull();
    expect(claimed({ "webhook-id": "m".repeat(257) })).toBeNull();
  });

  test("refuses a timestamp that is not a whole number", () => {
    for (const time of [`${NOW}.5`, `+${NOW}`, `1e9`, "1".repeat(13)]) {
      expect([time, claimed({ "webhook-timestamp": time })]).toEqual([time, null]);
    }
  });
});

describe("isSigned", () => {
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
