import type { Context } from "hono";
import { LIMITS } from "../../schemas/limits.ts";
import { ProblemError } from "../../schemas/problem.ts";
import type { AccessDependencies } from "../middleware/access.ts";
import type { RequestVariables } from "../middleware/request-id.ts";
import { bookEvent } from "../payments/stripe/book-event.ts";
import type { StripeSettings } from "../payments/stripe/client.ts";
import { StripeEvent, UnreadableEvent } from "../payments/stripe/events.ts";
import { stripeProblem } from "../payments/stripe/failed.ts";
import { stripeWebhooks } from "../webhooks/stripe-webhooks.ts";
import { type HookDeployment, readHook } from "./hook.ts";

/** What the hook needs of its deployment. */
export interface StripeHookDependencies extends AccessDependencies, HookDeployment {
  readonly stripe: StripeSettings | null;
}

/**
 * `POST /hooks/stripe`: Stripe reports what happened to a payment. An event is answered with 204 as soon as its money
 * is booked, or when it is none of ours. Otherwise it is answered with an error, and Stripe sends it again for days.
 */
export const stripeHookRoute = (dependencies: StripeHookDependencies) =>
  async function stripeHookRoute(context: Context<RequestVariables>): Promise<Response> {
    const { access, stripe, clock, log, timer } = dependencies;
    if (!stripe || access.mode !== "keys") throw new ProblemError("not_found", "This deployment takes no top-ups.");
    const late = AbortSignal.timeout(LIMITS.callbackMs);
    const body = await readHook(context.req.raw, stripeWebhooks(stripe.webhookSecret, clock), late, dependencies);
    const event = readEvent(body);
    const ignored = await bookEvent(event, { accounts: access.accounts, stripe, log, timer }, late).catch((error) => {
      throw error instanceof UnreadableEvent ? unreadable() : stripeProblem(error, log);
    });
    if (ignored !== null) log({ event: "stripe_event_ignored", id: event.id, type: event.type, reason: ignored });
    return context.body(null, 204);
  };

function readEvent(body: Uint8Array): StripeEvent {
  try {
    return StripeEvent.parse(JSON.parse(new TextDecoder().decode(body)));
  } catch {
    throw unreadable();
  }
}

/** Stripe keeps such an event and shows it as failed, so that no money is lost by it. */
function unreadable(): ProblemError {
  const detail = "The event has not the form of Stripe's API that this version reads.";
  return new ProblemError("invalid_request", detail, { errors: [{ pointer: "", detail: "is not such an event" }] });
}
