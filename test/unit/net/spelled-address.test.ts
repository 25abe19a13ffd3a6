import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { spellsPrivateAddress } from "../../../src/net/spelled-address.ts";

const numberOf = (address: string) => address.split(".").reduce((sum, byte) => sum * 256 + Number(byte), 0);
const hexadecimal = (address: string) => numberOf(address).toString(16).padStart(8, "0");
/** How names spell an address. */
const SPELLINGS: ReadonlyArray<(address: string) => string> = [
  (address) => `${address}.a.com`,
  (address) => `www.${address}.a.com`,
  (address) => `${address.replaceAll(".", "-")}.a.com`,
  (address) => `${address.replaceAll(".", "_")}.a.com`,
  (address) => `ip-${address.replaceAll(".", "-")}-b.a.com`,
  (address) => `${address.replaceAll(".", "-")}.ip.linodeusercontent.com`,
  (address) => `8.${address}.a.com`,
  (address) => `${hexadecimal(address)}.a.com`,
  (address) => `0x${hexadecimal(address)}.a.com`,
  (address) => `app-${hexadecimal(address)}.a.com`,
  (address) => `${numberOf(address)}.a.com`,
];
const byte = fc.nat(255);
const home = fc
  .tuple(
    fc.constantFrom("10.A.B.C", "127.A.B.C", "192.168.B.C", "172.16.B.C", "172.31.B.C", "169.254.B.C"),
    byte,
    byte,
    byte,
  )
  .map(([network, a, b, c]) => network.replace("A", String(a)).replace("B", String(b)).replace("C", String(c)));

describe("spellsPrivateAddress", () => {
  test("finds a private address in every spelling that wildcard services read", () => {
    fc.assert(
      fc.property(home, fc.constantFrom(...SPELLINGS), (address, spell) => {
        expect([spell(address), spellsPrivateAddress(spell(address))]).toEqual([spell(address), true]);
      }),
      { numRuns: 2_000 },
    );
  });

  test("finds none in a name that spells a public address", () => {
    for (const spell of SPELLINGS) {
      for (const address of ["8.8.8.8", "172.105.77.8", "139.162.10.1"]) {
        expect([spell(address), spellsPrivateAddress(spell(address))]).toEqual([spell(address), false]);
      }
    }
  });

  test.each([
    ["100-64-0-1.a.com", true],
    ["224-0-0-1.a.com", true],
    ["00000000.a.com", true],
    ["--1.a.com", true],
    ["fe80--1.a.com", true],
    ["0-0-0-0-0-0-0-1.a.com", true],
    ["fd00-1-2-3-4-5-6-7.a.com", true],
    ["--ffff-7f00-1.a.com", true],
    ["2606-4700-4700--1111.a.com", false],
    ["2600-3c00--f03c-91ff-fe24-3a2f.ip.linodeusercontent.com", false],
    ["10.a.com", false],
    ["a-b-c.a.com", false],
    ["256-10-0-0.a.com", false],
    ["10-0-0-1000.a.com", false],
    ["deploy-preview-10--site.netlify.app", false],
    ["373f31e2.project.pages.dev", false],
    ["e0a1b2c3.project.pages.dev", false],
    ["20240115.a.com", false],
    ["10000001.a.com", false],
    ["9999999999.a.com", false],
    ["xn--bcher-kva.a.com", false],
  ])("says of %s: %s", (name, expected) => {
    expect(spellsPrivateAddress(name)).toBe(expected);
  });
});
