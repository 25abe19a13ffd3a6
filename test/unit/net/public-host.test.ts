import { BlockList } from "node:net";
import fc from "fast-check";
import { expect, test } from "vitest";
import { isPublicHost } from "../../../src/net/public-host.ts";

const isPublic = (host: string) => isPublicHost(new URL(`https://${host}/`).hostname);

/** The ranges again, as Node's own program reads them. */
const special = new BlockList();
const RANGES = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 3],
] as const;
for (const [network, bits] of RANGES) special.addSubnet(network, bits);
special.addAddress("168.63.129.16");
for (const [network, bits] of [
  ["2001::", 23] as const,
  ["2001:db8::", 32] as const,
  ["2002::", 16] as const,
  ["3fff::", 20] as const,
]) {
  special.addSubnet(network, bits, "ipv6");
}

const fourBytes = (address: string) => address.split(".").map(Number);
const whole = (address: string) => fourBytes(address).reduce((sum, byte) => sum * 256 + byte, 0);
const hexadecimal = (address: string) => {
  const digits = whole(address).toString(16).padStart(8, "0");
  return `${digits.slice(0, 4)}:${digits.slice(4)}`;
};
/** Every way to write an IPv4 address that a URL parser or a translator undoes. */
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
  .record({ range: fc.constantFrom(...RANGES), host: fc.nat({ max: 2 ** 29 - 1 }) })
  .map(({ range: [network, bits], host }) => {
    const address = whole(network) + (host % 2 ** (32 - bits));
    return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
  });

test("no spelling of a private IPv4 address passes", () => {
  fc.assert(
    fc.property(privateAddress, fc.constantFrom(...SPELLINGS), (address, spell) => {
      expect(isPublic(spell(address))).toBe(false);
    }),
    { numRuns: 10_000 },
  );
});

test("IPv4 passes where Node's list of blocks has it free", () => {
  fc.assert(
    fc.property(fc.ipV4(), (address) => {
      expect(isPublic(address)).toBe(!special.check(address));
    }),
    { numRuns: 10_000 },
  );
});

test("IPv6 passes inside 2000::/3 where Node's list of blocks has it free", () => {
  const group = fc.integer({ min: 0, max: 0xffff }).map((bits) => bits.toString(16));
  const first = fc.oneof(group, fc.constantFrom("2001", "2002", "2003", "3fff", "fe80", "2606", "1fff", "4000"));
  const second = fc.oneof(group, fc.constantFrom("0", "1ff", "200", "db8", "db9", "fff", "1000"));
  const rest = fc.array(group, { minLength: 6, maxLength: 6 });
  fc.assert(
    fc.property(first, second, rest, (one, two, more) => {
      const free = Number.parseInt(one, 16) >> 13 === 1 && !special.check([one, two, ...more].join(":"), "ipv6");
      expect(isPublic(`[${[one, two, ...more].join(":")}]`)).toBe(free);
    }),
    { numRuns: 10_000 },
  );
});
