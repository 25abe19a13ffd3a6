import type { X402Settings } from "../../../src/payments/x402/settings.ts";
import { NETWORK } from "./facilitator.ts";

/** USDC on the test network Base Sepolia, for which the official client knows the name and version. */
const ASSET = "0x036CbD53842c5426634e7929541eC2318f3dCF7e";
export const PAY_TO = "0x00000000000000000000000000000000000000aa";

/** The variables of a deployment that accepts payments. */
export const VARIABLES = {
  X402_FACILITATOR: "https://facilitator.example/x402",
  X402_NETWORK: NETWORK,
  X402_ASSET: `${ASSET}:USDC:2`,
  X402_PAY_TO: PAY_TO,
};

export const SETTINGS: X402Settings = {
  facilitator: new URL(VARIABLES.X402_FACILITATOR),
  network: NETWORK,
  asset: { address: ASSET, name: "USDC", version: "2" },
  payTo: PAY_TO,
};
