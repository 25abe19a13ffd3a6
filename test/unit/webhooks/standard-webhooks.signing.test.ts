import fc from "fast-check";
import { Webhook } from "standardwebhooks";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { toUtf8 } from "../../../schemas/encodings.ts";
import { WebhookSecret } from "../../../schemas/webhooks.ts";
import {
  isSigned,
  isWebhookSecret,
  newWebhookSecret,
  readClaim,
  signMessage,
} from "../../../src/webhooks/standard-webhooks.ts";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const NOW = 1_795_392_000;

const secrets = fc
  .uint8Array({ minLength: 24, maxLength: 64 })
  .map((bytes) => `whsec_${Buffer.from(bytes).toString("base64")}`);
const ids = fc.stringMatching(/^msg_[\w-]{1,60}$/);
const bodies = fc.jsonValue().map((value) => JSON.stringify(value));

/** Whether our own check takes a message. */
async function isTaken(headers: Readonly<Record<string, string>>, body: string, secret: string, now = NOW) {
  const claim = readClaim(new Headers(headers), now);
  return claim !== null && isSigned(claim, toUtf8(body), secret);
}

describe("signMessage", () => {
  // The first is published with the reference libraries (github.com/standard-webhooks/standard-webhooks); the second
  // was computed with Python's hmac.
  test.each([
    [
      "msg_p5jXN8AQM9LWM0D4loKWxJek",
      1_614_265_330,
      '{"test": 2432232314}',
      "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    ],
    ["msg_riveg_0001", NOW, '{"id":"abc","status":"succeeded"}', "v1,LPcYw5F500X25+hgwuwC/3NJPz0Oq9tW6MBBt1sBg5Y="],
  ])("signs %s as it is published", async (id, time, body, signature) => {
    expect(await signMessage([SECRET], id, time, toUtf8(body))).toEqual({
      "webhook-id": id,
      "webhook-timestamp": String(time),
      "webhook-signature": signature,
    });
  });

  test.each([[[]], [["whsec_%%%"]], [["whsec_"]], [[SECRET, "whsec_%%%"]]])(
    "throws for %j, and quotes no secret",
    async (given) => {
      await expect(signMessage(given, "msg_1", NOW, toUtf8("{}"))).rejects.toThrow(/^a secret is malformed$/);
    },
  );
});

describe("with the package standardwebhooks", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["Date"], now: NOW * 1000 });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test("it takes what we sign, with the newer secret and the older one", async () => {
    await fc.assert(
      fc.asyncProperty(secrets, secrets, ids, bodies, async (newer, older, id, body) => {
        const headers = await signMessage([newer, older], id, NOW, toUtf8(body));
        expect(headers["webhook-signature"].split(" ")).toHaveLength(2);
        for (const secret of [newer, older]) {
          expect(new Webhook(secret).verify(body, headers)).toEqual(JSON.parse(body));
          expect(await isTaken(headers, body, secret)).toBe(true);
        }
      }),
    );
  });

  test("we take what it signs, once or twice", async () => {
    await fc.assert(
      fc.asyncProperty(secrets, secrets, ids, bodies, async (newer, older, id, body) => {
        const signed = (secret: string) => new Webhook(secret).sign(id, new Date(NOW * 1000), body);
        const headers = (signature: string) => ({
          "webhook-id": id,
          "webhook-timestamp": String(NOW),
          "webhook-signature": signature,
        });
        expect(await isTaken(headers(signed(older)), body, older)).toBe(true);
        expect(await isTaken(headers(`${signed(newer)} ${signed(older)}`), body, older)).toBe(true);
      }),
    );
  });

  test.each([
    [300, true],
    [301, false],
    [-300, true],
    [-301, false],
  ])("both say of a message %i s old: %s", async (age, is) => {
    const headers = await signMessage([SECRET], "msg_1", NOW - age, toUtf8("{}"));
    const verify = () => new Webhook(SECRET).verify("{}", headers);
    if (is) expect(verify()).toEqual({});
    else expect(verify).toThrow(/timestamp/);
    expect(await isTaken(headers, "{}", SECRET)).toBe(is);
  });

  test("both refuse a message whose body, id, time or secret is another one", async () => {
    const headers = await signMessage([SECRET], "msg_1", NOW, toUtf8("{}"));
    const other = newWebhookSecret((length) => new Uint8Array(length));
    for (const [sent, body, secret] of [
      [headers, "[]", SECRET],
      [{ ...headers, "webhook-id": "msg_2" }, "{}", SECRET],
      [{ ...headers, "webhook-timestamp": String(NOW - 1) }, "{}", SECRET],
      [headers, "{}", other],
    ] as const) {
      expect(() => new Webhook(secret).verify(body, sent)).toThrow("No matching signature found");
      expect(await isTaken(sent, body, secret)).toBe(false);
    }
  });
});

describe("newWebhookSecret", () => {
  test("is whsec_ and the base64 of 32 random bytes", () => {
    const secret = newWebhookSecret((length) => Uint8Array.from({ length }, (_, index) => 255 - index));
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect([...Buffer.from(secret.slice(6), "base64")]).toEqual(Array.from({ length: 32 }, (_, index) => 255 - index));
    expect(WebhookSecret.safeParse(secret).success).toBe(true);
  });

  test("the contract takes exactly the secrets of 24 to 64 bytes, padded or not, that can be signed with", () => {
    fc.assert(
      fc.property(fc.nat({ max: 90 }), fc.constantFrom("", "=", "=="), (length, padding) => {
        const secret = `whsec_${"A".repeat(length)}${padding}`;
        const bytes = Buffer.from(secret.slice(6), "base64").length;
        const isFit = isWebhookSecret(secret) && bytes >= 24 && bytes <= 64;
        expect([secret, WebhookSecret.safeParse(secret).success]).toEqual([secret, isFit]);
      }),
      { numRuns: 600 },
    );
  });
});
