import * as z from "zod/mini";
import { AccountId } from "../../../schemas/accounts.ts";
import type { Accounts } from "../../accounts/accounts.ts";
import { askAccount } from "../../accounts/ask-account.ts";
import type { Runtime } from "../../runtime.ts";
import { accountOf, type StripeSettings } from "./client.ts";
import { type EventMoney, readMoney, type StripeEvent } from "./events.ts";

/** What the booking of events needs of its deployment. */
export interface BookingDependencies extends Pick<Runtime, "timer" | "log"> {
  readonly accounts: Accounts;
  readonly stripe: StripeSettings;
}

/**
 * Books the money that an event moves on its account. An event whose booking fails has to be booked again; what it
 * booked before counts once.
 *
 * @param late ends a question to Stripe
 * @returns why there is nothing to book; null when it is booked
 * @throws UnreadableEvent, StripeFailure, or the ProblemError `account_unavailable`
 */
export async function bookEvent(
  event: StripeEvent,
  { accounts, stripe, ...runtime }: BookingDependencies,
  late: AbortSignal,
): Promise<string | null> {
  if (event.livemode !== stripe.isLive) return "other_mode";
  const money = readMoney(event);
  if ("ignored" in money) return money.ignored;
  const name = await nameOf(money.owner, stripe, late);
  if (name === null) return "not_a_top_up";
  if (!z.safeParse(AccountId, name).success) return "unknown_account";
  const account = accounts.at(name);
  if (!(await askAccount(account.exists(), runtime))) return "unknown_account";
  for (const transfer of money.transfers) await askAccount(account.transfer(transfer), runtime);
  return null;
}

type Owner = Exclude<EventMoney, { ignored: string }>["owner"];

async function nameOf(owner: Owner, stripe: StripeSettings, late: AbortSignal): Promise<string | null> {
  return "account" in owner ? owner.account : accountOf(owner.paymentIntent, stripe, late);
}
