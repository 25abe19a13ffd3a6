import { expect, test } from "vitest";
import type { Kind } from "../../../../src/payments/x402/facilitator.ts";
import { Schemes } from "../../../../src/payments/x402/schemes.ts";

const NETWORK = "eip155:8453";
const kind = (scheme: string, more: Partial<Kind> = {}): Kind => ({
  x402Version: 2,
  scheme,
  network: NETWORK,
  ...more,
});
const upto = kind("upto", { extra: { facilitatorAddress: "0xfa" } });
const UPTO = { name: "upto", extra: { assetTransferMethod: "permit2", facilitatorAddress: "0xfa" } };
const EXACT = { name: "exact", extra: {} };

test.each([
  [[kind("exact"), upto], UPTO],
  [[kind("exact"), kind("upto")], EXACT],
  [[kind("exact"), { ...upto, network: "eip155:1" }], EXACT],
  [[{ ...kind("exact"), x402Version: 1 }], null],
  [[], null],
])("chooses from %j", async (kinds, scheme) => {
  const schemes = new Schemes({ supported: async () => kinds as Kind[] }, NETWORK, () => 0);
  expect(await schemes.current()).toEqual(scheme);
});

test("remembers the list for ten minutes, and a failure never", async () => {
  let [now, asked] = [0, 0];
  const supported = async () => {
    asked++;
    if (asked === 1) throw new Error("cannot be reached");
    return asked === 2 ? [kind("exact")] : [upto];
  };
  const schemes = new Schemes({ supported }, NETWORK, () => now);
  await expect(schemes.current()).rejects.toThrow("cannot be reached");
  expect(await schemes.current()).toEqual(EXACT);
  now = 10 * 60 * 1000 - 1;
  expect(await schemes.current()).toEqual(EXACT);
  now += 1;
  expect(await schemes.current()).toEqual(UPTO);
  expect(asked).toBe(3);
});
