/**
 * Nano-dollars of the smallest amount of the token: USDC, EURC and their like have six decimals. A token with another
 * number of decimals cannot be used.
 */
const ATOMIC_NANO = 1_000;

/** What a payer has to authorise for an amount of nano-dollars, in the token's smallest units, rounded up. */
export function authorisedUnits(nanoDollars: number): string {
  return String(Math.ceil(nanoDollars / ATOMIC_NANO));
}

/** What is taken for an amount of nano-dollars, in the token's smallest units, rounded down. */
export function settledUnits(nanoDollars: number): string {
  return String(Math.floor(nanoDollars / ATOMIC_NANO));
}
