import type { PaymentPayload, PaymentRequirements } from "@x402/core/types";
import { authorizationTypes, PERMIT2_ADDRESS, uptoPermit2WitnessTypes, x402UptoPermit2ProxyAddress } from "@x402/evm";
import { getAddress, type Hex, type VerifyTypedDataParameters, verifyTypedData } from "viem";
import type { Chain, Transfer } from "./chain.ts";

type Checked = { readonly transfer: Transfer } | { readonly reason: string; readonly payer: string };

interface Authorization {
  readonly from: Hex;
  readonly to: Hex;
  readonly value: string;
  readonly validAfter: string;
  readonly validBefore: string;
  readonly nonce: Hex;
}

interface Permit {
  readonly from: Hex;
  readonly permitted: { readonly token: Hex; readonly amount: string };
  readonly spender: Hex;
  readonly nonce: string;
  readonly deadline: string;
  readonly witness: { readonly to: Hex; readonly facilitator: Hex; readonly validAfter: string };
}

/**
 * Checks a payment as the reference facilitators of `exact` and `upto` do, with their reasons and in their order: the
 * signature by EIP-712, then receiver, time and amount, then what a simulation on chain would find.
 *
 * @param settler the address that may settle `upto`
 * @param settling whether less than what was authorised may be asked for
 */
export async function checkPayment(
  { accepted, payload }: PaymentPayload,
  requirements: PaymentRequirements,
  chain: Chain,
  settler: Hex,
  settling: boolean,
): Promise<Checked> {
  if (accepted.scheme === "exact") {
    return checkExact(payload as { signature: Hex; authorization: Authorization }, requirements, chain);
  }
  return checkUpto(payload as { signature: Hex; permit2Authorization: Permit }, requirements, chain, settler, settling);
}

async function checkExact(
  { signature, authorization }: { readonly signature: Hex; readonly authorization: Authorization },
  { network, asset, payTo, amount, extra }: PaymentRequirements,
  chain: Chain,
): Promise<Checked> {
  const { from, to, value, validAfter, validBefore, nonce } = authorization;
  const refuse = (reason: string) => ({ reason, payer: from });
  const { name, version } = extra as { name?: string; version?: string };
  if (!name || !version) return refuse("invalid_exact_evm_missing_eip712_domain");
  const isSigned = await isSignedBy({
    address: from,
    domain: { name, version, chainId: chainIdOf(network), verifyingContract: getAddress(asset) },
    types: authorizationTypes,
    primaryType: "TransferWithAuthorization",
    message: {
      from,
      to,
      value: BigInt(value),
      validAfter: BigInt(validAfter),
      validBefore: BigInt(validBefore),
      nonce,
    },
    signature,
  });
  if (!isSigned) return refuse("invalid_exact_evm_signature");
  if (getAddress(to) !== getAddress(payTo)) return refuse("invalid_exact_evm_recipient_mismatch");
  if (BigInt(validBefore) < now() + 6n) return refuse("invalid_exact_evm_payload_authorization_valid_before");
  if (BigInt(validAfter) > now()) return refuse("invalid_exact_evm_payload_authorization_valid_after");
  if (BigInt(value) !== BigInt(amount)) return refuse("invalid_exact_evm_payload_authorization_value_mismatch");
  if (chain.isUsed(from, nonce)) return refuse("invalid_exact_evm_nonce_already_used");
  if (chain.balance(from) < BigInt(value)) return refuse("invalid_exact_evm_insufficient_balance");
  return { transfer: { payer: from, payTo, amount: BigInt(value), nonce } };
}

async function checkUpto(
  { signature, permit2Authorization: permit }: { readonly signature: Hex; readonly permit2Authorization: Permit },
  { network, asset, payTo, amount }: PaymentRequirements,
  chain: Chain,
  settler: Hex,
  settling: boolean,
): Promise<Checked> {
  const { from, permitted, spender, nonce, deadline, witness } = permit;
  const refuse = (reason: string) => ({ reason, payer: from });
  if (getAddress(spender) !== getAddress(x402UptoPermit2ProxyAddress)) return refuse("invalid_permit2_spender");
  if (getAddress(witness.to) !== getAddress(payTo)) return refuse("invalid_permit2_recipient_mismatch");
  if (getAddress(witness.facilitator) !== getAddress(settler)) return refuse("upto_facilitator_mismatch");
  if (BigInt(deadline) < now() + 6n) return refuse("permit2_deadline_expired");
  const authorised = BigInt(permitted.amount);
  if (!settling && authorised !== BigInt(amount)) return refuse("permit2_amount_mismatch");
  if (authorised < BigInt(amount)) return refuse("invalid_upto_evm_payload_settlement_exceeds_amount");
  if (getAddress(permitted.token) !== getAddress(asset)) return refuse("permit2_token_mismatch");
  const isSigned = await isSignedBy({
    address: from,
    domain: { name: "Permit2", chainId: chainIdOf(network), verifyingContract: PERMIT2_ADDRESS },
    types: uptoPermit2WitnessTypes,
    primaryType: "PermitWitnessTransferFrom",
    message: {
      permitted: { token: permitted.token, amount: authorised },
      spender,
      nonce: BigInt(nonce),
      deadline: BigInt(deadline),
      witness: { to: witness.to, facilitator: witness.facilitator, validAfter: BigInt(witness.validAfter) },
    },
    signature,
  });
  if (!isSigned) return refuse("invalid_permit2_signature");
  // A simulation fails without saying why; balance and allowance are looked at then.
  if (chain.balance(from) < authorised) return refuse("permit2_insufficient_balance");
  if (chain.isUsed(from, nonce)) return refuse("permit2_simulation_failed");
  return { transfer: { payer: from, payTo, amount: BigInt(amount), nonce } };
}

/** Whether a signature is the address's. One that is no signature at all is nobody's. */
async function isSignedBy(signed: VerifyTypedDataParameters): Promise<boolean> {
  return verifyTypedData(signed).catch(() => false);
}

function chainIdOf(network: string): number {
  return Number(network.split(":")[1]);
}

function now(): bigint {
  return BigInt(Math.floor(Date.now() / 1000));
}
