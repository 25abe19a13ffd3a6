import type { Span } from "../../../schemas/primitives.ts";

/**
 * One character of a text. The group matches one that no name begins or ends with: white space, an invisible
 * character, a keycap, an emoji, an arrow or another symbol, a number in a circle, a comma, a bullet or a quotation
 * mark, each with its marks. Currency signs, `+` and letters in circles belong to names.
 */
const CHARACTER = new RegExp(
  String.raw`((?:[0-9#*]\ufe0f?\u20e3|[\s\p{Cf}\p{Extended_Pictographic}\p{Sk},;:…•·†‡“”„«»"]|(?!\+)\p{Sm}|` +
    String.raw`(?!\p{Alphabetic})\p{So}|[\u2460-\u249b\u24ea-\u24ff\u2776-\u2793]|\ufe0e|\ufe0f|\u20e3)\p{M}*)|[\s\S]`,
  "gu",
);

/** The part of a text that is a name, without the symbols around it; null where there is no letter or digit. */
export function nameWithin(text: string): Span | null {
  let [start, end] = [-1, 0];
  for (const { 0: character, 1: edge, index } of text.matchAll(CHARACTER)) {
    if (edge !== undefined) continue;
    if (start < 0) start = index;
    end = index + character.length;
  }
  return /[\p{L}\p{N}]/u.test(text.slice(Math.max(0, start), end)) ? { start, end } : null;
}
