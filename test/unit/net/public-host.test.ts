import fc from "fast-check";
import { expect, test } from "vitest";
import { isPublicHost } from "../../../src/net/public-host.ts";
import { SPECIAL_IPV4 } from "../../support/special-ipv4.ts";

const isPublic = (host: string) => isPublicHost(new URL(`https://${host}/`).hostname);

const fourBytes = (address: string) => address.split(".").map(Number);
const whole = (address: string) => fourBytes(address).reduce((sum, byte) => sum * 256 + byte, 0);
const hexadecimal = (address: string) => {
  const digits = whole(address).toString(16).padStart(8, "0");
  return `${digits.slice(0, 4)}:${digits.slice(4)}`;
};
/** Spellings of an IPv4 address that a URL parser or a translator resolves to it. */
const SPELLINGS: ReadonlyArray<(address: string) => string> = [
  (address) => address,
  (address) => `${address}.`,
  (address) => String(whole(address)),
  (address) => `0x${whole(address).toString(16)}`,
  (address) => `0${whole(address).toString(8)}`,
  (address) =>
    fourBytes(address)
      .map((byte) => `0x${byte.toString(16)}`)
      .join("."),
  (address) =>
    fourBytes(address)
      .map((byte) => `00${byte.toString(8)}`)
      .join("."),
  (address) => `${fourBytes(address)[0]}.${whole(address) % 2 ** 24}`,
  (address) => `${fourBytes(address).slice(0, 2).join(".")}.${whole(address) % 2 ** 16}`,
  (address) => [...address].map((sign) => `%${sign.charCodeAt(0).toString(16)}`).join(""),
  (address) => address.replace(/\d/g, (digit) => String.fromCharCode(0xff10 + Number(digit))).replaceAll(".", "。"),
  (address) => `[::ffff:${address}]`,
  (address) => `[0:0:0:0:0:FFFF:${hexadecimal(address)}]`,
  (address) => `[::${hexadecimal(address)}]`,
  (address) => `[64:ff9b::${address}]`,
  (address) => `[64:ff9b:1::${address}]`,
  (address) => `[2002:${hexadecimal(address)}::1]`,
];

const privateAddress = fc
  .record({ range: fc.constantFrom(...SPECIAL_IPV4), host: fc.nat({ max: 2 ** 29 - 1 }) })
  .map(({ range: [network, bits], host }) => {
    const address = whole(network) + (host % 2 ** (32 - bits));
    return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
  });

test("isPublicHost refuses every spelling of a private IPv4 address", () => {
  fc.assert(
    fc.property(privateAddress, fc.constantFrom(...SPELLINGS), (address, spell) => {
      expect(isPublic(spell(address))).toBe(false);
    }),
    { numRuns: 10_000 },
  );
});

test.each([
  ["example.org", true],
  ["images.example.co.uk", true],
  ["xn--bcher-kva.example.org", true],
  ["8.8.8.8", true],
  ["localhost", false],
  ["a.localhost", false],
  ["printer.lan", false],
  ["10.0.0.1.nip.io", false],
  ["metadata.google.internal", false],
  ["example.org.", false],
  ["single", false],
  [`${"a".repeat(64)}.example.org`, false],
  [`${"a.".repeat(130)}org`, false],
])("isPublicHost classifies %s: %s", (host, expected) => {
  expect(isPublicHost(host)).toBe(expected);
});
