import type { Context } from "hono";
import { LIMITS } from "../../schemas/limits.ts";
import { ProblemError } from "../../schemas/problem.ts";
import { admit, isReplay } from "../accounts/paid-request.ts";
import { PUBLIC_ACCOUNT } from "../accounts/public-account.ts";
import { keyMissingIn } from "../middleware/access.ts";
import type { RequestVariables } from "../middleware/request-id.ts";
import { describeError } from "../observe/log.ts";
import { fingerprintOf } from "../request/fingerprint.ts";
import { headerNotSupported } from "../request/idempotency-key.ts";
import { sha256 } from "../storage/digest.ts";
import { chargingOf, type Opening, paidDependencies, replay, requestOf } from "./charging.ts";
import type { PaidDeployment } from "./paid-deployment.ts";

/**
 * Has a request without a key paid by x402, by the payment in its header PAYMENT-SIGNATURE. Without one, the request is
 * refused with the terms of a payment, which depend on its fields.
 *
 * @throws ProblemError `key_missing` where nothing but keys pays
 */
export function openPayment(context: Context<RequestVariables>, deployment: PaidDeployment): Opening {
  const { x402 } = deployment;
  if (!x402) throw keyMissingIn(context);
  const header = context.req.header("payment-signature");
  if (context.req.header("idempotency-key") !== undefined) {
    throw headerNotSupported(
      "The header Idempotency-Key needs a key. A payment is a key of its own: send it again to repeat.",
    );
  }
  const admitAsked: Opening["admit"] = async ({ operation, type, deadline, read }) => {
    const request = requestOf({ operation, deadline, read }, context, deployment);
    const origin = deployment.publicUrl ?? new URL(context.req.url);
    const asked = { operation, most: request.most, url: new URL(`/v1/${operation}`, origin).href };
    if (header === undefined) throw await x402.required(asked);
    if (type === "text/event-stream") {
      const detail = "A payment is settled for a whole answer: text/event-stream needs a key. Accept application/json.";
      throw new ProblemError("not_acceptable", detail);
    }
    const payment = await x402.read(header, asked);
    const fingerprint = await sha256(`${await fingerprintOf(operation, type, read)} ${header}`);
    const account = `x402-${payment.payer}`;
    const paid = {
      ...request,
      account,
      credential: { payment: true },
      repeatable: {
        key: payment.nonce,
        fingerprint,
        ...(payment.identifier !== null && { alias: payment.identifier }),
      },
      payment: x402.outside(payment, asked, deadline),
      keeps: (read.fields as { store: boolean }).store,
    } as const;
    const admitted = await admit(paid, paidDependencies(context, deployment));
    if (isReplay(admitted)) return replay(context, admitted);
    // The operator's revenue adds payers up as well. One that is not in the list yet comes in with its next payment.
    const enlisting = deployment.accountFiles.enlist(account).catch((error) => {
      deployment.log({ event: "payer_not_listed", ...describeError(error) });
    });
    context.executionCtx.waitUntil(enlisting);
    // The payment gets the answer, whether its caller is there or comes again.
    return chargingOf(PUBLIC_ACCOUNT, admitted, true);
  };
  return {
    bodyBytes: header === undefined ? LIMITS.unpaidBodyBytes : LIMITS.bodyBytes,
    takesJobs: false,
    admit: admitAsked,
  };
}
