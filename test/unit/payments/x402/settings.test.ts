import { expect, test } from "vitest";
import { readX402Settings } from "../../../../src/payments/x402/settings.ts";
import { VARIABLES } from "../../../support/x402/settings.ts";

const read = (changes: Readonly<Record<string, string>>) => {
  const variables: Readonly<Record<string, string>> = { ...VARIABLES, ...changes };
  return readX402Settings((name) => variables[name] ?? "");
};

test("is off when no variable is set", () => {
  expect(readX402Settings(() => "")).toEqual({ settings: null, faults: [] });
});

test("reads the four variables", () => {
  expect(read({}).settings).toEqual({
    facilitator: new URL("https://facilitator.example/x402"),
    network: "eip155:84532",
    asset: { address: "0x036CbD53842c5426634e7929541eC2318f3dCF7e", name: "USDC", version: "2" },
    payTo: "0x00000000000000000000000000000000000000aa",
  });
});

test.each([
  [{ X402_ASSET: "", X402_PAY_TO: " " }, /^X402_ASSET, X402_PAY_TO must be set too/],
  [{ X402_FACILITATOR: "facilitator" }, /is not an address/],
  [{ X402_FACILITATOR: "http://facilitator.example" }, /must be https/],
  [{ X402_FACILITATOR: "https://me:secret@facilitator.example" }, /have no user name/],
  [{ X402_NETWORK: "base-sepolia" }, /X402_NETWORK is not eip155/],
  [{ X402_NETWORK: "eip155:0" }, /X402_NETWORK is not eip155/],
  [{ X402_ASSET: "0x036CbD53842c5426634e7929541eC2318f3dCF7e" }, /X402_ASSET is not ADDRESS:NAME:VERSION/],
  [{ X402_ASSET: "USDC:USDC:2" }, /X402_ASSET is not/],
  [{ X402_PAY_TO: `0x${"0".repeat(40)}` }, /X402_PAY_TO is not/],
])("refuses %o", (changes, fault) => {
  const { settings, faults } = read(changes as Readonly<Record<string, string>>);
  expect(settings).toBeNull();
  expect(faults).toEqual([expect.stringMatching(fault)]);
});
