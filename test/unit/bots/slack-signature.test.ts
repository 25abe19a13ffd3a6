import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import { slackSignature } from "../../../src/bots/slack-signature.ts";

// The example of docs.slack.dev/authentication/verifying-requests-from-slack.
const SECRET = "8f742231b10e8888abcd99yyyzzz85a5";
const [TIME, SIGNATURE] = [1_531_420_618, "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"];
const BODY =
  "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&" +
  "channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&" +
  "response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&" +
  "trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";

const utf8 = (text: string) => new TextEncoder().encode(text);
async function isSigned(headers: Record<string, string>, body = BODY, now = TIME, secret = SECRET): Promise<boolean> {
  const { readClaim, isSigned } = slackSignature(secret);
  const claim = readClaim(new Headers(headers), now);
  return claim !== null && isSigned(claim, utf8(body));
}
const headers = (timestamp: string | number = TIME, signature = SIGNATURE) => ({
  "x-slack-request-timestamp": String(timestamp),
  "x-slack-signature": signature,
});

test("the example of Slack's documentation is signed", async () => {
  expect(await isSigned(headers())).toBe(true);
  expect(createHmac("sha256", SECRET).update(`v0:${TIME}:${BODY}`).digest("hex")).toBe(SIGNATURE.slice(3));
});

describe("it is not signed", () => {
  test.each([
    ["without a signature", { "x-slack-request-timestamp": String(TIME) }],
    ["without a time", { "x-slack-signature": SIGNATURE }],
    ["with a version that is not known", headers(TIME, SIGNATURE.replace("v0", "v1"))],
    ["with a signature that is cut", headers(TIME, SIGNATURE.slice(0, -1))],
    ["with a signature that is longer", headers(TIME, `${SIGNATURE}0`)],
    ["with another signature", headers(TIME, `v0=${"0".repeat(64)}`)],
    ["with another time", headers(TIME + 1)],
    ["with a time that is no number", headers("now")],
  ])("%s", async (_, given) => {
    expect(await isSigned(given)).toBe(false);
  });

  test("with another body or secret", async () => {
    expect(await isSigned(headers(), `${BODY}&x=1`)).toBe(false);
    expect(await isSigned(headers(), BODY, TIME, "8f742231b10e8888abcd99eee5f6a7b8")).toBe(false);
  });

  test.each([
    [-300, true],
    [300, true],
    [-301, false],
    [301, false],
  ])("when it is %d seconds away from now: %s", async (away, expected) => {
    expect(await isSigned(headers(), BODY, TIME + away)).toBe(expected);
  });
});
