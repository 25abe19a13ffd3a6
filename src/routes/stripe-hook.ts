import type { Context } from "hono";
import * as z from "zod/mini";
import { AccountId } from "../../schemas/accounts.ts";
import { LIMITS } from "../../schemas/limits.ts";
import { ProblemError } from "../../schemas/problem.ts";
import { askAccount } from "../accounts/ask-account.ts";
import type { AccessDependencies } from "../middleware/access.ts";
import type { RequestVariables } from "../middleware/request-id.ts";
import { accountOf, type StripeSettings } from "../payments/stripe/client.ts";
import { readMoney, StripeEvent, UnreadableEvent } from "../payments/stripe/events.ts";
import { stripeProblem } from "../payments/stripe/failed.ts";
import { stripeWebhooks } from "../payments/stripe/webhooks.ts";
import { type HookDeployment, readHook } from "./hook.ts";

/** What the hook needs of its deployment. */
export interface StripeHookDependencies extends AccessDependencies, HookDeployment {
  readonly stripe: StripeSettings | null;
}

/**
 * `POST /hooks/stripe`: Stripe reports what happened to a payment. Every event is answered with 204 as soon as its money
 * is booked, or when it is none of ours. Otherwise it is answered with an error, and Stripe sends it again for days.
 */
export const stripeHookRoute = (dependencies: StripeHookDependencies) =>
  async function stripeHookRoute(context: Context<RequestVariables>): Promise<Response> {
    const { access, stripe, clock, log } = dependencies;
    if (!stripe || access.mode !== "keys") throw new ProblemError("not_found", "This deployment takes no top-ups.");
    const late = AbortSignal.timeout(LIMITS.callbackMs);
    const signedBy = stripeWebhooks(stripe.webhookSecret, clock);
    const event = readEvent(await readHook(context.req.raw, signedBy, late, dependencies));
    const ignored = await book(event, stripe, dependencies, late);
    if (ignored !== null) log({ event: "stripe_event_ignored", id: event.id, type: event.type, reason: ignored });
    return context.body(null, 204);
  };

/** Books the money of an event; why there is nothing to book, or null. */
async function book(
  event: StripeEvent,
  stripe: StripeSettings,
  dependencies: StripeHookDependencies,
  late: AbortSignal,
): Promise<string | null> {
  if (event.livemode !== stripe.isLive) return "other_mode";
  const money = moneyOf(event);
  if ("ignored" in money) return money.ignored;
  const { access, log } = dependencies;
  const { owner, transfers } = money;
  const name =
    "account" in owner
      ? owner.account
      : await accountOf(owner.paymentIntent, stripe, late).catch((error) => {
          throw stripeProblem(error, log);
        });
  if (name === null) return "not_a_top_up";
  if (access.mode !== "keys" || !z.safeParse(AccountId, name).success) return "unknown_account";
  const account = access.accounts.at(name);
  if (!(await askAccount(account.exists(), dependencies))) return "unknown_account";
  for (const transfer of transfers) await askAccount(account.transfer(transfer), dependencies);
  return null;
}

function readEvent(body: Uint8Array): StripeEvent {
  try {
    return StripeEvent.parse(JSON.parse(new TextDecoder().decode(body)));
  } catch {
    throw unreadable();
  }
}

function moneyOf(event: StripeEvent): ReturnType<typeof readMoney> {
  try {
    return readMoney(event);
  } catch (error) {
    throw error instanceof UnreadableEvent ? unreadable() : error;
  }
}

/** Stripe keeps such an event and shows it as failed, so that no money is lost by it. */
function unreadable(): ProblemError {
  const detail = "The event has not the form of Stripe's API that this version reads.";
  return new ProblemError("invalid_request", detail, { errors: [{ pointer: "", detail: "is not such an event" }] });
}
