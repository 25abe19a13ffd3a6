import type { Span } from "./primitives.ts";

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
