import { expect, test } from "vitest";
import { discordSignature } from "../../../src/bots/discord-signature.ts";

/** RFC 8032, section 7.1, test 3: its message of two bytes is not text, so that no library may take it for some. */
const KEY = "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025";
const [MESSAGE, SIGNATURE] = [
  Uint8Array.of(0xaf, 0x82),
  "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
];
const { isSigned, readClaim } = discordSignature(KEY);

test("the body is verified as it came", async () => {
  expect(await isSigned({ timestamp: "", signature: SIGNATURE }, MESSAGE)).toBe(true);
  expect(await isSigned({ timestamp: "", signature: SIGNATURE }, Uint8Array.of(0xaf, 0x83))).toBe(false);
  expect(await isSigned({ timestamp: "1", signature: SIGNATURE }, MESSAGE)).toBe(false);
  expect(await discordSignature("0a").isSigned({ timestamp: "", signature: SIGNATURE }, MESSAGE)).toBe(false);
});

test("a claim has a signature of 64 bytes in hexadecimal, and a timestamp of now", () => {
  const claim = (signature: string, timestamp: string) =>
    readClaim(new Headers({ "x-signature-ed25519": signature, "x-signature-timestamp": timestamp }), 1_000);
  expect(claim(SIGNATURE, "1000")).toEqual({ signature: SIGNATURE, timestamp: "1000" });
  expect(claim(SIGNATURE, "700")).not.toBeNull();
  for (const timestamp of ["699", "1301", "", "now", "1000.5"]) expect(claim(SIGNATURE, timestamp)).toBeNull();
  for (const signature of ["", "0a", SIGNATURE.slice(1), `${SIGNATURE}00`, "zz".repeat(64)]) {
    expect(claim(signature, "1000")).toBeNull();
  }
  expect(readClaim(new Headers(), 1_000)).toBeNull();
});
