import type { Api } from "grammy";
import { sleep } from "../../src/resilience/sleep.ts";
import { ALLOWED_UPDATES } from "./telegram-setup.ts";

/** How long Telegram holds a poll without an update, in seconds. */
const POLL_S = 25;
/** Wait after a poll or a delivery that failed, in milliseconds. */
const AGAIN_MS = 2_000;

/**
 * Gives each update of a bot to its webhook, as Telegram would do, until the signal aborts. An update that the webhook
 * does not take is given again; Telegram forgets those that were taken.
 */
export async function pollTelegram(
  api: Api,
  post: (update: object) => Promise<Response>,
  signal: AbortSignal,
  rest: (milliseconds: number, signal: AbortSignal) => Promise<void> = sleep,
): Promise<null> {
  let offset = 0;
  while (!signal.aborted) {
    try {
      const options = { offset, timeout: POLL_S, allowed_updates: ALLOWED_UPDATES };
      const updates = await api.getUpdates(options, signal as never);
      for (const update of updates) {
        const response = await post(update);
        await response.body?.cancel();
        if (!response.ok) throw new Error(`the webhook answers ${response.status}`);
        offset = update.update_id + 1;
      }
    } catch {
      if (!signal.aborted) await rest(AGAIN_MS, signal).catch(() => undefined);
    }
  }
  return null;
}
