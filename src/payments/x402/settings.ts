import { isAllowedEndpoint, unfitAsBase } from "../../net/provider-fetch.ts";

/** A token by which people pay. */
export interface Asset {
  /** Address of its contract. */
  readonly address: string;
  /** Name and version of the contract's EIP-712 domain: wallets sign them with each payment. */
  readonly name: string;
  readonly version: string;
}

/** What a deployment accepts payments with. */
export interface X402Settings {
  /** The server that verifies payments and settles them on chain. */
  readonly facilitator: URL;
  /** The chain, by CAIP-2: `eip155:8453`. */
  readonly network: string;
  readonly asset: Asset;
  /** The address that is paid. */
  readonly payTo: string;
}

const NAMES = ["X402_FACILITATOR", "X402_NETWORK", "X402_ASSET", "X402_PAY_TO"] as const;

/** An address of an EVM chain that is not zero: what is sent to zero is lost. */
const EVM_ADDRESS = /^0x(?!0{40}$)[0-9a-fA-F]{40}$/;

/**
 * Reads the variables of x402. `settings` is null when none of them is set, or when one is not usable; `faults` says
 * then which, in sentences for the operator.
 */
export function readX402Settings(variable: (name: string) => string): {
  settings: X402Settings | null;
  faults: string[];
} {
  const [facilitatorText = "", network = "", assetText = "", payTo = ""] = NAMES.map((name) => variable(name).trim());
  const missing = NAMES.filter((name) => variable(name).trim() === "");
  if (missing.length === NAMES.length) return { settings: null, faults: [] };
  if (missing.length > 0) {
    return { settings: null, faults: [`${missing.join(", ")} must be set too, or none of ${NAMES.join(", ")}`] };
  }
  const faults: string[] = [];
  const facilitator = URL.parse(facilitatorText);
  const unfit = facilitator && unfitAsBase(facilitator);
  if (!facilitator) faults.push("X402_FACILITATOR is not an address");
  else if (!isAllowedEndpoint(facilitator)) faults.push("X402_FACILITATOR must be https, or http on this machine");
  else if (unfit) faults.push(`X402_FACILITATOR must ${unfit}`);
  if (!/^eip155:[1-9]\d{0,31}$/.test(network)) faults.push("X402_NETWORK is not eip155: and the number of a chain");
  const [address = "", name = "", version = "", ...more] = assetText.split(":");
  if (!EVM_ADDRESS.test(address) || name === "" || version === "" || more.length > 0) {
    faults.push("X402_ASSET is not ADDRESS:NAME:VERSION of a token and its EIP-712 domain");
  }
  if (!EVM_ADDRESS.test(payTo)) faults.push("X402_PAY_TO is not an address of the chain");
  if (!facilitator || faults.length > 0) return { settings: null, faults };
  return { settings: { facilitator, network, asset: { address, name, version }, payTo }, faults };
}
