import { ProblemError } from "../../../schemas/problem.ts";
import type { Runtime } from "../../runtime.ts";
import { StripeFailure } from "./client.ts";

/** Logs a failure of Stripe's, and the problem of a request that ends by it. Other errors come back as they are. */
export function stripeProblem(error: unknown, log: Runtime["log"]): unknown {
  if (!(error instanceof StripeFailure)) return error;
  const { status, code, requestId } = error;
  log({ event: "stripe_failed", status, code, stripe_request_id: requestId });
  return new ProblemError("payment_provider_failed", "Stripe did not answer as asked. Nothing was paid.");
}
