import type { Mention } from "../../schemas/stages/mner.ts";
import { tokenSpans } from "../../schemas/tokens.ts";
import type { TokenSpan } from "./seqeval.ts";

/** Mentions in a text of tokens joined by one space, as spans of the tokens that they touch. */
export function toTokens(
  tokens: readonly string[],
  mentions: readonly Pick<Mention, "start" | "end" | "type">[],
): TokenSpan[] {
  const spans = tokenSpans(tokens);
  return mentions.map(({ start, end, type }) => ({
    type,
    start: spans.findIndex((token) => token.end > start),
    end: spans.findLastIndex((token) => token.start < end) + 1,
  }));
}

/** Which tokens are the name of an @-handle: "@name", or the word after a lone "@". */
export function handleTokens(tokens: readonly string[]): boolean[] {
  return tokens.map((token, index) => /^@./.test(token) || (tokens[index - 1] === "@" && /^\w+$/.test(token)));
}

/** The spans that hold no token of a handle. */
export function withoutHandles(tokens: readonly string[], spans: readonly TokenSpan[]): TokenSpan[] {
  const isHandle = handleTokens(tokens);
  return spans.filter(({ start, end }) => !isHandle.slice(start, end).includes(true));
}

/** The spans that are a handle or a hashtag: their first token has the mark, or follows a lone one. */
export function withinMarks(tokens: readonly string[], spans: readonly TokenSpan[], mark: "@" | "#"): TokenSpan[] {
  return spans.filter(({ start }) => {
    const token = tokens[start] ?? "";
    return (token.startsWith(mark) && token !== mark) || tokens[start - 1] === mark;
  });
}
