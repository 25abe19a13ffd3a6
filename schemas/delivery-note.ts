/** What became of one attempt at a delivery to a webhook endpoint of an account. */
export interface DeliveryNote {
  /** The endpoint's id. */
  readonly endpoint: string;
  /** The message's id, `msg_…`, the same in every attempt. */
  readonly delivery: string;
  /** The job or batch that it is about; null for a test. */
  readonly subject: string | null;
  readonly event: string;
  /** The number of the attempt: 1, 2, … */
  readonly attempt: number;
  /** Unix time in milliseconds. */
  readonly at: number;
  /** The status of the receiver's response; null without one. */
  readonly status: number | null;
  /** Why it failed, in words; null where it did not. */
  readonly error: string | null;
  /** When it is tried again, in Unix milliseconds; null when it is not. */
  readonly nextAt: number | null;
}
