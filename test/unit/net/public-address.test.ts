import { BlockList } from "node:net";
import fc from "fast-check";
import { expect, test } from "vitest";
import { isPublicIpv4, isPublicIpv6 } from "../../../src/net/public-address.ts";
import { SPECIAL_IPV4 } from "../../support/special-ipv4.ts";

/** The special ranges again, for Node's implementation. */
const special = new BlockList();
for (const [network, bits] of SPECIAL_IPV4) special.addSubnet(network, bits);
special.addAddress("168.63.129.16");
for (const [network, bits] of [
  ["2001::", 23] as const,
  ["2001:db8::", 32] as const,
  ["2002::", 16] as const,
  ["3fff::", 20] as const,
]) {
  special.addSubnet(network, bits, "ipv6");
}

test("isPublicIpv4 agrees with Node's BlockList", () => {
  fc.assert(
    fc.property(fc.ipV4(), (address) => {
      expect(isPublicIpv4(address)).toBe(!special.check(address));
    }),
    { numRuns: 10_000 },
  );
});

test("isPublicIpv6 agrees with Node's BlockList inside 2000::/3, and refuses everything outside", () => {
  const group = fc.integer({ min: 0, max: 0xffff }).map((bits) => bits.toString(16));
  const first = fc.oneof(group, fc.constantFrom("2001", "2002", "2003", "3fff", "fe80", "2606", "1fff", "4000"));
  const second = fc.oneof(group, fc.constantFrom("0", "1ff", "200", "db8", "db9", "fff", "1000"));
  const rest = fc.array(group, { minLength: 6, maxLength: 6 });
  fc.assert(
    fc.property(first, second, rest, (one, two, others) => {
      const free = Number.parseInt(one, 16) >> 13 === 1 && !special.check([one, two, ...others].join(":"), "ipv6");
      expect(isPublicIpv6(new URL(`https://[${[one, two, ...others].join(":")}]/`).hostname.slice(1, -1))).toBe(free);
    }),
    { numRuns: 10_000 },
  );
});

test.each([
  ["0.255.255.255", false],
  ["1.0.0.0", true],
  ["9.255.255.255", true],
  ["10.0.0.0", false],
  ["100.63.255.255", true],
  ["100.64.0.0", false],
  ["168.63.129.15", true],
  ["168.63.129.16", false],
  ["172.31.255.255", false],
  ["172.32.0.0", true],
  ["223.255.255.255", true],
  ["224.0.0.0", false],
])("isPublicIpv4 knows the edge of a range at %s: %s", (address, expected) => {
  expect(isPublicIpv4(address)).toBe(expected);
});

test.each([
  ["::1", false],
  ["fe80::1", false],
  ["::ffff:808:808", false],
  ["64:ff9b::808:808", false],
  ["2001:1ff:ffff::", false],
  ["2001:200::", true],
  ["2002:808:808::1", false],
  ["2606:4700:4700::1111", true],
  ["3fff:fff:ffff::", false],
  ["3fff:1000::", true],
])("isPublicIpv6 classifies %s: %s", (address, expected) => {
  expect(isPublicIpv6(address)).toBe(expected);
});
