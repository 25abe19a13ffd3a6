import { LIMITS } from "../../../schemas/limits.ts";
import type { Mention } from "../../../schemas/stages/mner.ts";
import { FreePlaces } from "./free-places.ts";

/**
 * The mentions at verified positions, in UTF-16 code units. A model's own offsets are not trusted: each mention's
 * surface string is searched for in the text, and of the occurrences that no earlier mention took, the one nearest to
 * the model's offset is used. A surface string that is not in the text is dropped. The result is in text order and has
 * each span once.
 */
export function anchorMentions(text: string, mentions: readonly Mention[]): Mention[] {
  const bySurface = new Map<string, Mention[]>();
  for (const mention of [...mentions].sort((a, b) => a.start - b.start)) {
    const surface = mention.text.trim();
    if (surface.length === 0 || surface.length > LIMITS.nameLength) continue;
    const same = bySurface.get(surface);
    if (same) same.push(mention);
    else bySurface.set(surface, [mention]);
  }
  // The text is searched once for each surface, however often a model names it.
  const anchored = [...bySurface].flatMap(([surface, same]) => {
    const places = new FreePlaces(occurrences(text, surface));
    return same.flatMap((mention): Mention[] => {
      const start = places.takeNearest(mention.start + mention.text.indexOf(surface));
      return start === undefined ? [] : [{ ...mention, text: surface, start, end: start + surface.length }];
    });
  });
  return anchored.sort((a, b) => a.start - b.start || a.end - b.end);
}

/**
 * The positions of a string in a text, overlapping occurrences included. An occurrence that begins or ends inside a
 * surrogate pair is left out.
 */
function occurrences(text: string, surface: string): number[] {
  const starts: number[] = [];
  for (let start = text.indexOf(surface); start >= 0; start = text.indexOf(surface, start + 1)) {
    if (!splitsPair(text, start) && !splitsPair(text, start + surface.length)) starts.push(start);
  }
  return starts;
}

function splitsPair(text: string, index: number): boolean {
  return index > 0 && (text.codePointAt(index - 1) ?? 0) > 0xffff;
}
