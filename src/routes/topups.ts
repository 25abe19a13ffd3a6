import type { Context } from "hono";
import { type TopUpAnswer, TopUpRequest } from "../../schemas/accounts.ts";
import { LIMITS } from "../../schemas/limits.ts";
import { toNanoDollars, toUsd } from "../../schemas/money.ts";
import { type FieldError, ProblemError } from "../../schemas/problem.ts";
import type { Balance } from "../accounts/calls.ts";
import type { RequestVariables } from "../middleware/request-id.ts";
import { deploymentUrl } from "../net/deployment-url.ts";
import { joinUrl } from "../net/join-url.ts";
import {
  type Checkout,
  createCheckout,
  type NewCheckout,
  StripeFailure,
  type StripeSettings,
} from "../payments/stripe/client.ts";
import { NANO_CENT } from "../payments/stripe/events.ts";
import { stripeProblem } from "../payments/stripe/failed.ts";
import type { Deployment } from "../pipeline/deployment.ts";
import { refuse } from "../request/field-problem.ts";
import { readJsonFields } from "../request/read-fields.ts";
import { waitBefore } from "../resilience/retry.ts";
import { NO_STORE, type OpenRequestedAccount } from "./account-request.ts";

/** What a top-up needs of its deployment. */
export interface TopUpDependencies
  extends Pick<Deployment, "log" | "timer" | "sleep" | "chance" | "publicUrl" | "deadlineMs"> {
  readonly stripe: StripeSettings | null;
}

/** `POST /v1/topups`: a page of Stripe's on which the account's balance can be paid. */
export const topUpsRoute = (open: OpenRequestedAccount, dependencies: TopUpDependencies) =>
  async function topUpsRoute(context: Context<RequestVariables>): Promise<Response> {
    const { stripe, publicUrl, log, timer, deadlineMs } = dependencies;
    const { account, ask } = await open(context);
    if (!stripe) {
      const detail = "This deployment takes no payments by Stripe. Ask its operator for a credit.";
      throw new ProblemError("topups_not_available", detail);
    }
    const { amount_usd } = await readJsonFields(context.req.raw, TopUpRequest, timer(deadlineMs));
    const amount = toNanoDollars(amount_usd);
    refuse(amountErrors(amount));
    refuse(balanceErrors(amount, await ask((calls) => calls.balance())));
    const origin = deploymentUrl(publicUrl, context.req.url);
    const checkout = await createAgain(
      {
        account,
        cents: amount / NANO_CENT,
        idempotencyKey: `topup-${context.get("requestId")}`,
        paidUrl: joinUrl(origin, "/?topup=paid"),
        canceledUrl: joinUrl(origin, "/?topup=canceled"),
      },
      stripe,
      dependencies,
    ).catch((error) => {
      throw stripeProblem(error, log);
    });
    const answer: TopUpAnswer = {
      url: checkout.url,
      amount_usd: toUsd(amount),
      expires_at: new Date(checkout.expiresAt * 1000).toISOString(),
    };
    return context.json(answer, 201, NO_STORE);
  };

/** What is wrong with an amount in nano-dollars, whoever pays it. */
function amountErrors(amount: number): FieldError[] {
  const { leastTopUpUsd: least, mostTopUpUsd: most } = LIMITS;
  if (amount % NANO_CENT !== 0) return [wrong(amount, "must be in whole cents", "0.01")];
  if (amount < toNanoDollars(String(least))) return [wrong(amount, `must be at least ${least}`, least)];
  return amount > toNanoDollars(String(most)) ? [wrong(amount, `must be at most ${most}`, most)] : [];
}

/** What is wrong with an amount for an account that has this balance. */
function balanceErrors(amount: number, { available, reserved }: Balance): FieldError[] {
  const most = LIMITS.mostBalanceUsd;
  const detail = `would raise the balance above ${most}, which is the most that an account may have`;
  return available + reserved + amount > toNanoDollars(String(most)) ? [wrong(amount, detail, most)] : [];
}

function wrong(amount: number, detail: string, limit: number | string): FieldError {
  return { pointer: "/amount_usd", detail, limit, value: toUsd(amount) };
}

/** Creates a Checkout Session, and asks again where that may help. Stripe's own client repeats nothing. */
async function createAgain(
  checkout: NewCheckout,
  stripe: StripeSettings,
  { timer, sleep, chance }: TopUpDependencies,
): Promise<Checkout> {
  const late = timer(LIMITS.stripeMs);
  for (let attempts = 1; ; attempts++) {
    try {
      return await createCheckout(checkout, stripe, late);
    } catch (error) {
      if (!(error instanceof StripeFailure) || late.aborted) throw error;
      const wait = waitBefore(attempts, error, chance());
      if (wait === null) throw error;
      await sleep(wait, late).catch(() => {
        throw error;
      });
    }
  }
}
