import type { OffsetEncoding, Span } from "../../../schemas/primitives.ts";
import { type Offsets, offsetsOf } from "./offsets.ts";

/** Where spans of one text stand, as the caller counts. */
export interface Positions {
  readonly offsets: Offsets;
  /** @param start @param end half-open, in UTF-16 code units */
  of(start: number, end: number): Span & { tokens: Span | null };
}

/** @param tokens of a post that came already split; its text is these, joined by one space */
export function positionsOf(text: string, tokens: readonly string[] | null, encoding: OffsetEncoding): Positions {
  const offsets = offsetsOf(text, encoding);
  const ends = tokens ? tokenEnds(tokens) : null;
  // The first token that ends after a position; the space after a token counts as part of it.
  const tokenAt = (position: number) => (ends ?? []).findIndex((end) => end > position);
  return {
    offsets,
    of: (start, end) => ({
      start: offsets.fromUtf16(start),
      end: offsets.fromUtf16(end),
      tokens: ends && { start: tokenAt(start), end: tokenAt(end - 1) + 1 },
    }),
  };
}

/** For each token, where the next one begins. */
function tokenEnds(tokens: readonly string[]): number[] {
  let position = 0;
  return tokens.map((token) => (position += token.length + 1));
}
