import { LIMITS } from "../../schemas/limits.ts";
import { describeError } from "../observe/log.ts";
import { untilAborted } from "../resilience/until-aborted.ts";
import type { Runtime } from "../runtime.ts";

/** What asking an account needs of its deployment. */
export interface AskDependencies extends Pick<Runtime, "timer" | "sleep" | "log"> {
  /** Keeps the Worker running until the work is done, also after the answer was sent. */
  readonly waitUntil: (work: Promise<unknown>) => void;
}

/** Waits between tries to settle or release behind the answer, in milliseconds. Set by hand: all within 30 s. */
const RETRY_AFTER_MS = [500, 2_000, 8_000];

/**
 * Asks the account now, and when it cannot be reached, again behind the answer. Never rejects. Returns whether it
 * answered now.
 */
export async function askNow(ask: () => Promise<unknown>, dependencies: AskDependencies): Promise<boolean> {
  const { timer, log, waitUntil } = dependencies;
  try {
    await untilAborted(ask(), timer(LIMITS.accountMs));
    return true;
  } catch (error) {
    log({ event: "account_unavailable", ...describeError(error) });
    waitUntil(askAgain(ask, dependencies));
    return false;
  }
}

/** Asks the account again until it answers. The account ends a reservation by itself when all of it is lost. */
export async function askAgain(ask: () => Promise<unknown>, { timer, sleep, log }: AskDependencies): Promise<void> {
  for (const wait of RETRY_AFTER_MS) {
    try {
      await sleep(wait, timer(wait + LIMITS.accountMs));
      return void (await untilAborted(ask(), timer(LIMITS.accountMs)));
    } catch (error) {
      log({ event: "account_unavailable", ...describeError(error) });
    }
  }
}
