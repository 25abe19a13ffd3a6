import { createHmac } from "node:crypto";
import { describe, expect, test, vi } from "vitest";
import { LIMITS } from "../../../schemas/limits.ts";
import { readBounded } from "../../../src/request/bounded-body.ts";
import { readSigned } from "../../../src/webhooks/read-signed.ts";
import { standardWebhooks } from "../../../src/webhooks/standard-webhooks.ts";

const SECRET = `whsec_${btoa("a shared secret")}`;
const NOW = 1_700_000_000;
const BODY = '{"id":"p1"}';
const WRONG = `v1,${btoa("x".repeat(32))}`;

function message(change: Record<string, string> = {}, body: BodyInit = BODY): Request {
  const mac = createHmac("sha256", "a shared secret").update(`msg_1.${NOW}.${BODY}`).digest("base64");
  const headers = { "webhook-id": "msg_1", "webhook-timestamp": String(NOW), "webhook-signature": `v1,${mac}` };
  const sent = Object.entries({ ...headers, ...change }).filter(([, value]) => value !== "");
  return new Request("https://namesight.test/hooks/x", { method: "POST", headers: sent, body });
}

const never = new AbortController().signal;
type Reader = (request: Request, maximumBytes: number) => Promise<Uint8Array<ArrayBuffer>>;
const read = (request: Request, reader: Reader = (sent, maximumBytes) => readBounded(sent, never, maximumBytes)) =>
  readSigned(request, { signedBy: standardWebhooks(SECRET), clock: () => NOW * 1000, readBounded: reader });

describe("readSigned", () => {
  test("returns the bytes of a signed body", async () => {
    expect(new TextDecoder().decode(await read(message()))).toBe(BODY);
  });

  test.each([
    ["no id", { "webhook-id": "" }],
    ["no timestamp", { "webhook-timestamp": "" }],
    ["an old timestamp", { "webhook-timestamp": String(NOW - 301) }],
    ["no signature", { "webhook-signature": "" }],
    ["no symmetric signature", { "webhook-signature": "v1a,AAAA" }],
    ["a short signature", { "webhook-signature": `v1,${btoa("x")}` }],
    ["8,000 signatures", { "webhook-signature": Array(8_000).fill(WRONG).join(" ") }],
  ])("refuses a message with %s before it reads the body", async (_, change) => {
    const reader = vi.fn<Reader>();
    await expect(read(message(change), reader)).rejects.toMatchObject({ code: "signature_invalid" });
    expect(reader).not.toHaveBeenCalled();
  });

  test("computes one HMAC, however many signatures there are", async () => {
    const sign = vi.spyOn(crypto.subtle, "sign");
    const verify = vi.spyOn(crypto.subtle, "verify");
    const signatures = Array(LIMITS.callbackSignatures).fill(WRONG).join(" ");
    const refused = read(message({ "webhook-signature": signatures }));
    await expect(refused).rejects.toMatchObject({ code: "signature_invalid" });
    expect([sign.mock.calls.length, verify.mock.calls.length]).toEqual([1, 0]);
    vi.restoreAllMocks();
  });

  test("names the problem that a sender asks for, before and behind the body", async () => {
    const problem = "interaction_signature_invalid";
    for (const change of [{ "webhook-signature": "" }, { "webhook-signature": WRONG }]) {
      const refused = readSigned(message(change), {
        ...{ signedBy: standardWebhooks(SECRET), clock: () => NOW * 1000, problem },
        readBounded: (sent, maximumBytes) => readBounded(sent, never, maximumBytes),
      });
      await expect(refused).rejects.toMatchObject({ code: problem });
    }
  });

  test("reads at most a megabyte", async () => {
    const body = new Uint8Array(LIMITS.callbackBytes + 1);
    await expect(read(message({}, body))).rejects.toMatchObject({
      code: "body_too_large",
      fields: { errors: [{ limit: LIMITS.callbackBytes }] },
    });
  });
});
