import type { Entry } from "./entries.ts";
import { Refused } from "./fault.ts";
import type { Record } from "./record.ts";
import { idOf, Lost } from "./send-all.ts";
import type { Service } from "./service.ts";

/** What canceling needs. */
export interface Canceling {
  readonly entries: readonly Entry[];
  readonly record: Record;
  readonly service: Service;
  /** Told in a sentence what became of each batch. */
  readonly tell: (sentence: string) => void;
}

/**
 * Cancels every batch that was sent and has not ended, also one whose answer was lost.
 *
 * @returns how many could not be canceled
 * @throws Unreachable when the service does not answer for long
 */
export async function cancelAll(canceling: Canceling): Promise<number> {
  const { record, service, tell } = canceling;
  const open = record.batches.filter(({ ended }) => !ended);
  let left = 0;
  for (const batch of open) {
    try {
      const id = await idOf(batch, canceling);
      const { counts, state } = await service.cancel(id);
      const had = state === "canceled" ? "canceled" : "had ended before";
      tell(`${id}: ${had}; ${counts.succeeded} of its posts have an answer.`);
    } catch (error) {
      if (!(error instanceof Refused || error instanceof Lost)) throw error;
      const [first, last] = [batch.lines[0], batch.lines.at(-1)];
      const named = batch.id ?? `The batch of lines ${first} to ${last}`;
      tell(`${named} was not canceled: ${error.message}`);
      left++;
    }
  }
  return left;
}
