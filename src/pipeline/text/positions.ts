import type { OffsetEncoding, Span } from "../../../schemas/primitives.ts";
import { tokenEndingFrom, tokenSpans } from "../../../schemas/tokens.ts";
import { type Offsets, offsetsOf } from "./offsets.ts";

/** Converts spans of one text into the caller's offsets and tokens. */
export interface Positions {
  readonly offsets: Offsets;
  /**
   * A span in the caller's encoding, and the tokens that it covers (half-open; null for a post without tokens).
   * Throws a `RangeError` for a position inside a character.
   *
   * @param start in UTF-16 code units
   * @param end in UTF-16 code units, exclusive
   */
  of(start: number, end: number): Span & { tokens: Span | null };
}

/**
 * The positions of a text.
 *
 * @param tokens of a post that came already split (its text is the tokens joined by single spaces); null otherwise
 */
export function positionsOf(text: string, tokens: readonly string[] | null, encoding: OffsetEncoding): Positions {
  const offsets = offsetsOf(text, encoding);
  const spans = tokens && tokenSpans(tokens);
  // The space after a token counts as part of it.
  const tokenAt = (position: number) => tokenEndingFrom(spans ?? [], position)?.index ?? -1;
  return {
    offsets,
    of: (start, end) => ({
      start: offsets.fromUtf16(start),
      end: offsets.fromUtf16(end),
      tokens: spans && { start: tokenAt(start), end: tokenAt(end - 1) + 1 },
    }),
  };
}
