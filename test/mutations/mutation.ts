/** A change of the product's code with which one invariant no longer holds. */
export interface MutationOf<Invariant extends string> {
  readonly invariant: Invariant;
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly find: string;
  readonly replace: string;
}
