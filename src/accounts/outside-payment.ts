/** What came of settling a payment outside the ledger. */
export type OutsideSettlement =
  /** `receipt` is the header PAYMENT-RESPONSE. */
  | { readonly outcome: "settled"; readonly receipt: string }
  /** Nothing was taken and nothing will be. */
  | { readonly outcome: "refused"; readonly reason: string; readonly receipt: string }
  /** Whether it was taken is not known. */
  | { readonly outcome: "in_doubt"; readonly reason: string };

/** A payment that came with a request and is settled outside the ledger: by x402, on chain. */
export interface OutsidePayment {
  /** Throws a `ProblemError` when the payment is not for this request, or could not be settled. Takes nothing. */
  verify(): Promise<void>;
  /** What is taken for an answer of this price, in nano-dollars: all that was authorised, where that is the scheme. */
  amount(price: number): number;
  /**
   * Settles an amount of nano-dollars. Repeating it takes nothing twice.
   *
   * @param doubted whether an earlier settlement is in doubt
   */
  settle(amount: number, doubted: boolean): Promise<OutsideSettlement>;
  /** The problem of a settlement that was refused. */
  refused(settlement: Extract<OutsideSettlement, { outcome: "refused" }>): Promise<Error>;
}
