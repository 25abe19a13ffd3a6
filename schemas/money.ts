import * as z from "zod/mini";

/**
 * Money in US dollars. In code it is an integer of nano-dollars (10⁻⁹ dollars): up to nine million dollars are exact in
 * a double, and a token's price is a whole number. In JSON it is a decimal string, which no JSON library rounds.
 */
const NANO_DIGITS = 9;

/** A decimal number from 0 to before a million, with at most nine decimals. */
export const USD_PATTERN = /^(?:0|[1-9]\d{0,5})(?:\.\d{1,9})?$/;

/** An amount in US dollars, as a decimal string. */
export const UsdAmount = z.string().check(z.regex(USD_PATTERN));

/** An amount's nano-dollars. The text satisfies `UsdAmount`. */
export function toNanoDollars(amount: string): number {
  const [whole = "0", decimals = ""] = amount.split(".");
  return Number(whole + decimals.padEnd(NANO_DIGITS, "0"));
}

/** Nano-dollars, a whole number of at least 0, as a decimal string without needless zeros: 5,000,000 is "0.005". */
export function toUsd(nanoDollars: number): string {
  const digits = String(nanoDollars).padStart(NANO_DIGITS + 1, "0");
  const [whole, decimals] = [digits.slice(0, -NANO_DIGITS), digits.slice(-NANO_DIGITS).replace(/0+$/, "")];
  return decimals === "" ? whole : `${whole}.${decimals}`;
}
