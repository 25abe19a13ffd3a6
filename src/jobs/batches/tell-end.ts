import type { BatchFacts } from "./calls.ts";

/**
 * Puts the end of a batch into the outbox, as `batch.ended`: for the webhook of its request, and for the endpoints of
 * its account. Called again until it resolves, so that it must put the same message there once.
 */
export async function tellEnd(_facts: BatchFacts): Promise<void> {}
