/** What a provider keeps of an attempt, to go on with it in another process. It is stored as JSON. */
export interface KeptCall {
  /** The name of the address that the vendor calls back (`src/webhooks/attempts.ts`); null where it does not. */
  readonly attempt: string | null;
  /** The vendor's id of the job; null while the response to its creation has not come. */
  readonly id: string | null;
  /** Unix time in milliseconds just before it was created. */
  readonly at: number;
}

/**
 * An attempt that outlives the process which began it. Replicate and fal do the work behind the request, so the next
 * process goes on with it; a Cog host is told `key`, and answers a repeated call once. All other hosts answer in the
 * response of the call itself: such a call is asked again when its process died before the answer was read.
 */
export interface Resumable {
  /** Names the attempt for good, for hosts that answer a repeated call once. */
  readonly key: string;
  /** What an earlier process kept; null for an attempt that is new. */
  readonly kept: KeptCall | null;
  /** Keeps something before anything else is sent: first before the job is created, then with its id. */
  keep(kept: KeptCall): void;
}

/**
 * The callback of an attempt: a new address, or the one that an earlier process named to the vendor; null where the
 * vendor names none.
 *
 * @param open opens a new address, or with a name the one that has it
 */
export function callbackOf<Callback>(
  resumable: Resumable | undefined,
  open: (name?: string) => Callback | null,
): Callback | null {
  const kept = resumable?.kept;
  if (!kept) return open();
  return kept.attempt === null ? null : open(kept.attempt);
}
