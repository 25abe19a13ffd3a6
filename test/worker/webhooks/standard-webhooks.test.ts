import { describe, expect, test } from "vitest";
import { isSigned, readClaim } from "../../../src/webhooks/standard-webhooks.ts";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const OTHER = "whsec_c29tZWJvZHkgZWxzZSdzIHNlY3JldA==";

/** Both steps of the check. */
async function isAuthentic(headers: Headers, body: Uint8Array, secret: string, now: number): Promise<boolean> {
  const claim = readClaim(headers, now);
  return claim !== null && isSigned(claim, body, secret);
}

describe("readClaim and isSigned", () => {
  // docs/reference/hosted-models.md, "Replicate"; the second was computed with its secret.
  const VECTORS = [
    [
      "msg_p5jXN8AQM9LWM0D4loKWxJek",
      1614265330,
      '{"test": 2432232314}',
      "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    ],
    [
      "msg_riveg_0001",
      1795392000,
      '{"id":"abc","status":"succeeded"}',
      "v1,LPcYw5F500X25+hgwuwC/3NJPz0Oq9tW6MBBt1sBg5Y=",
    ],
  ] as const;
  const [[id, timestamp, body, signature]] = VECTORS;
  const wrong = `v1,${btoa("x".repeat(32))}`;
  const check = (signatures: string, secret = SECRET) => {
    const headers = new Headers({
      "webhook-id": id,
      "webhook-timestamp": String(timestamp),
      "webhook-signature": signatures,
    });
    return isAuthentic(headers, new TextEncoder().encode(body), secret, timestamp);
  };

  test.each(VECTORS)("accepts the test vector %s, and no change of it", async (vectorId, time, text, signed) => {
    const headers = new Headers({
      "webhook-id": vectorId,
      "webhook-timestamp": String(time),
      "webhook-signature": signed,
    });
    expect(await isAuthentic(headers, new TextEncoder().encode(text), SECRET, time)).toBe(true);
    expect(await isAuthentic(headers, new TextEncoder().encode(`${text} `), SECRET, time)).toBe(false);
    expect(await isAuthentic(headers, new TextEncoder().encode(text), SECRET, time + 301)).toBe(false);
  });

  test.each([
    ["accepts a signature behind a wrong one, as during a change of keys", `${wrong} ${signature}`, true],
    ["accepts a signature before one of another version", `${signature} v1a,abc`, true],
    ["refuses another version alone", signature.replace("v1,", "v2,"), false],
    ["refuses an asymmetric version alone", signature.replace("v1,", "v1a,"), false],
    ["refuses a signature without a version", signature.slice(3), false],
    ["refuses a wrong signature", wrong, false],
    ["refuses a signature that is cut off", signature.slice(0, -8), false],
  ])("%s", async (_, signatures, expected) => {
    expect(await check(signatures)).toBe(expected);
  });

  test.each([[OTHER], ["whsec_"], ["whsec_***"], [""]])("refuses a signature when the secret is %j", async (secret) => {
    expect(await check(signature, secret)).toBe(false);
  });
});
