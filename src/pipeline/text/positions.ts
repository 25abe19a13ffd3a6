import type { OffsetEncoding, Span } from "../../../schemas/primitives.ts";
import { tokenSpans } from "../../../schemas/tokens.ts";
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
  const spans = tokens && tokenSpans(tokens);
  // The space after a token counts as part of it.
  const tokenAt = (position: number) => (spans ?? []).findIndex(({ end }) => end >= position);
  return {
    offsets,
    of: (start, end) => ({
      start: offsets.fromUtf16(start),
      end: offsets.fromUtf16(end),
      tokens: spans && { start: tokenAt(start), end: tokenAt(end - 1) + 1 },
    }),
  };
}
