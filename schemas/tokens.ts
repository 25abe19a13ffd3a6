import type { Span } from "./primitives.ts";
import { firstAtLeast } from "./sorted.ts";

/**
 * Where each token stands in the text that the tokens make, joined by one space: UTF-16 code units, half-open. An empty
 * token has an empty span.
 */
export function tokenSpans(tokens: readonly string[]): Span[] {
  let end = -1;
  return tokens.map((token) => {
    const start = end + 1;
    end = start + token.length;
    return { start, end };
  });
}

/** The first token that ends at a position or after it, by its number and its span; null where there is none. */
export function tokenEndingFrom(spans: readonly Span[], position: number): { index: number; span: Span } | null {
  const index = firstAtLeast(spans.length, (at) => (spans[at] as Span).end, position);
  const span = spans[index];
  return span ? { index, span } : null;
}
