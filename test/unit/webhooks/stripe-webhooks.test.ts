import { describe, expect, test } from "vitest";
import { stripeWebhooks } from "../../../src/webhooks/stripe-webhooks.ts";
import { signEvent, WEBHOOK_SECRET } from "../../support/stripe/events.ts";

const NOW = 1_795_435_200;
const bytes = (text: string) => new TextEncoder().encode(text);
const { readClaim, isSigned } = stripeWebhooks(WEBHOOK_SECRET, () => NOW * 1000);

/** Whether an event that was signed so is accepted with this header and body. */
async function accepts(
  change: (header: string) => string = (header) => header,
  { body = '{"id": "evt_1"}', sent = bytes(body), age = 0, secret = WEBHOOK_SECRET } = {},
): Promise<boolean> {
  const { headers } = await signEvent(null, NOW - age, { body, secret });
  const claim = readClaim(new Headers({ "stripe-signature": change(headers["stripe-signature"] ?? "") }), NOW);
  return claim !== null && isSigned(claim, sent);
}

const signature = (header: string) => header.slice(header.indexOf("v1="));

describe("accepts", () => {
  test.each([[0], [300], [-300]])("an event that was signed %i seconds ago", async (age) => {
    expect(await accepts(undefined, { age })).toBe(true);
  });

  test("an event with the signature of an older secret beside ours, and of another scheme", async () => {
    expect(await accepts((header) => header.replace("v1=", `v1=${"0".repeat(64)},v1=`))).toBe(true);
    expect(await accepts((header) => `${header},v0=${"0".repeat(64)}`)).toBe(true);
  });
});

describe("refuses", () => {
  test.each<[string, (header: string) => string]>([
    ["no header", () => ""],
    ["no time", signature],
    ["two times", (header) => `t=${NOW},${header}`],
    ["a time that is not the signed one", (header) => `t=${NOW - 1},${signature(header)}`],
    ["a time that is no number", (header) => `t=${NOW}x,${signature(header)}`],
    ["no signature", () => `t=${NOW}`],
    ["a signature of another scheme alone", (header) => header.replace("v1=", "v0=")],
    ["another signature", (header) => header.replace(/.$/, (last) => (last === "0" ? "1" : "0"))],
    ["six signatures", (header) => `${header}${`,${signature(header)}`.repeat(5)}`],
    ["a header that is too long", (header) => `${header},x=${"y".repeat(1_000)}`],
  ])("%s", async (_, change) => {
    expect(await accepts(change)).toBe(false);
  });

  test.each([[301], [-301]])("an event that was signed %i seconds ago", async (age) => {
    expect(await accepts(undefined, { age })).toBe(false);
  });

  test("another secret, another body, and a body whose text only looks the same", async () => {
    expect(await accepts(undefined, { secret: "whsec_other" })).toBe(false);
    expect(await accepts(undefined, { sent: bytes('{"id":"evt_1"}') })).toBe(false);
    expect(await accepts(undefined, { sent: bytes('\ufeff{"id": "evt_1"}') })).toBe(false);
    expect(await accepts(undefined, { body: '"\ufffd"', sent: Uint8Array.of(0x22, 0xff, 0x22) })).toBe(false);
  });
});
