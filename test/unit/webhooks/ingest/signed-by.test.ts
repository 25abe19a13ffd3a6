import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { SignatureScheme } from "../../../../schemas/sources.ts";
import { signedBySource } from "../../../../src/webhooks/ingest/signed-by.ts";

const NOW = 1_700_000_000;
const BODY = '{"event":"status.created"}';
const [SECRET, OTHER] = ["0123456789abcdef0123", "another-secret-of-this-test"];
const WHSEC = `whsec_${btoa("0123456789abcdef01234567")}`;

const hex = (text: string, secret = SECRET) => createHmac("sha256", secret).update(text).digest("hex");
const standard = createHmac("sha256", "0123456789abcdef01234567").update(`msg_1.${NOW}.${BODY}`).digest("base64");

/** Each scheme, its secret, and what a sender writes that its documentation describes. */
const SENT: ReadonlyArray<readonly [SignatureScheme, string, Record<string, string>]> = [
  [{ scheme: "github" }, SECRET, { "X-Hub-Signature-256": `sha256=${hex(BODY)}` }],
  [{ scheme: "mastodon" }, SECRET, { "X-Hub-Signature": `sha256=${hex(BODY)}` }],
  [
    { scheme: "stripe", header: "stripe-signature" },
    SECRET,
    { "Stripe-Signature": `t=${NOW},v1=${hex(`${NOW}.${BODY}`)},v0=00` },
  ],
  [{ scheme: "stripe", header: "X-Rootly" }, SECRET, { "X-Rootly": `t=${NOW},v1=${hex(`${NOW}.${BODY}`)}` }],
  [
    { scheme: "standard-webhooks" },
    WHSEC,
    { "webhook-id": "msg_1", "webhook-timestamp": String(NOW), "webhook-signature": `v1,${standard}` },
  ],
  [{ scheme: "bearer", header: "authorization" }, SECRET, { Authorization: `Bearer ${SECRET}` }],
  [{ scheme: "bearer", header: "X-Token" }, SECRET, { "x-token": SECRET }],
];

async function isAuthentic(
  scheme: SignatureScheme,
  secrets: readonly string[],
  headers: HeadersInit,
  body = BODY,
  now = NOW,
) {
  const way = signedBySource(scheme, secrets, () => now * 1000);
  const claim = way.readClaim(new Headers(headers), now);
  return claim !== null && way.isSigned(claim, new TextEncoder().encode(body) as Uint8Array<ArrayBuffer>);
}
const otherOf = (secret: string) => (secret === WHSEC ? `whsec_${btoa("another-secret-of-24-byte")}` : OTHER);

describe.each(SENT)("%j", (scheme, secret, headers) => {
  test("takes what its documentation says, by an HMAC of Node's", async () => {
    expect(await isAuthentic(scheme, [secret], headers)).toBe(true);
  });

  test("takes either of two secrets while a rotation overlaps, in any order", async () => {
    expect(await isAuthentic(scheme, [otherOf(secret), secret], headers)).toBe(true);
    expect(await isAuthentic(scheme, [secret, otherOf(secret)], headers)).toBe(true);
  });

  test("refuses another secret, no secret at all, and no headers", async () => {
    expect(await isAuthentic(scheme, [otherOf(secret)], headers)).toBe(false);
    expect(await isAuthentic(scheme, [], headers)).toBe(false);
    expect(await isAuthentic(scheme, [secret], {})).toBe(false);
  });
});

const SIGNED = SENT.filter(([{ scheme }]) => scheme !== "bearer");
test.each(SIGNED)("%j refuses a body of which any one byte was changed", async (scheme, secret, headers) => {
  for (let index = 0; index < BODY.length; index++) {
    const changed = `${BODY.slice(0, index)}#${BODY.slice(index + 1)}`;
    expect([index, await isAuthentic(scheme, [secret], headers, changed)]).toEqual([index, false]);
  }
});

const TIMED = SENT.filter(([{ scheme }]) => scheme === "stripe" || scheme === "standard-webhooks");
test.each(TIMED)("%j refuses what is too far from now", async (scheme, secret, headers) => {
  expect(await isAuthentic(scheme, [secret], headers, BODY, NOW + 301)).toBe(false);
  expect(await isAuthentic(scheme, [secret], headers, BODY, NOW - 301)).toBe(false);
});

test("a wrong token is refused by the headers alone, before the body is read", () => {
  const way = signedBySource({ scheme: "bearer", header: "authorization" }, [SECRET], () => NOW * 1000);
  for (const authorization of [`Bearer ${SECRET}1`, `Bearer ${SECRET.slice(1)}`, `Basic ${SECRET}`, SECRET, ""]) {
    expect(way.readClaim(new Headers({ authorization }), NOW)).toBeNull();
  }
});
