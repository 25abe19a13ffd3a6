/**
 * The part of the official library that is used: how x402's headers are written and read. It is imported lazily, by the
 * requests that need it; by way of this file the bundle has these functions and not the whole library.
 */
export {
  decodePaymentSignatureHeader,
  encodePaymentRequiredHeader,
  encodePaymentResponseHeader,
} from "@x402/core/http";
export { PaymentPayloadV2Schema } from "@x402/core/schemas";
