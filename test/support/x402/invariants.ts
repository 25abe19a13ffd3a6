/** What became of one payment, after its request was sent again when nothing failed any more. */
export interface ObservedPayment {
  /** How the last requests with it ended, one of each body: `delivered`, or the code of a problem. */
  readonly ends: readonly string[];
  /** The bodies that were delivered for it at any time. */
  readonly bodies: ReadonlySet<string>;
  /** The amounts of its transfers on chain, in the token's smallest units. */
  readonly taken: readonly bigint[];
}

export interface ObservedPayments {
  readonly payments: readonly ObservedPayment[];
  /** What the ledger has of all of them, in the token's smallest units. */
  readonly booked: bigint;
}

/** What is wrong; null when nothing is. */
type Check = (observed: ObservedPayments) => string | null;

const each =
  (check: (payment: ObservedPayment) => boolean): Check =>
  ({ payments }) => {
    const wrong = payments.find((payment) => !check(payment));
    return wrong
      ? `it ended with ${wrong.ends}, ${wrong.bodies.size} answers and ${wrong.taken.length} transfers`
      : null;
  };

/** What is true of every payment, whatever is lost, refused or broken. */
export const INVARIANTS = {
  "that was taken gets its answer": each(({ ends }) => ends.includes("delivered")),
  "gets the answer to one request": each(({ ends }) => ends.filter((end) => end === "delivered").length <= 1),
  "is taken once for an answer": each(({ bodies, taken }) => taken.length === bodies.size),
  "is booked as it was taken": ({ payments, booked }) => {
    const taken = payments.flatMap((payment) => payment.taken).reduce((sum, amount) => sum + amount, 0n);
    return taken === booked ? null : `${taken} were taken and ${booked} are booked`;
  },
} as const satisfies Record<string, Check>;

export type PaymentInvariant = keyof typeof INVARIANTS;
