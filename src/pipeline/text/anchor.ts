import { LIMITS } from "../../../schemas/limits.ts";
import type { Mention } from "../../../schemas/stages/mner.ts";

/**
 * The mentions at verified positions, in UTF-16 code units. A model's own offsets are not trusted: each mention's
 * surface string is searched for in the text, and of the occurrences that no earlier mention took, the one nearest to
 * the model's offset is used. A surface string that is not in the text is dropped. The result is in text order and has
 * each span once.
 */
export function anchorMentions(text: string, mentions: readonly Mention[]): Mention[] {
  const anchored = new Map<string, Mention>();
  for (const mention of [...mentions].sort((a, b) => a.start - b.start)) {
    const surface = mention.text.trim();
    if (surface.length === 0 || surface.length > LIMITS.nameLength) continue;
    const expected = mention.start + mention.text.indexOf(surface);
    const free = occurrences(text, surface).filter((start) => !anchored.has(`${start} ${surface.length}`));
    const start = nearest(free, expected);
    if (start === undefined) continue;
    anchored.set(`${start} ${surface.length}`, { ...mention, text: surface, start, end: start + surface.length });
  }
  return [...anchored.values()].sort((a, b) => a.start - b.start || a.end - b.end);
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

function nearest(positions: readonly number[], expected: number): number | undefined {
  return positions.reduce<number | undefined>(
    (best, position) =>
      best === undefined || Math.abs(position - expected) < Math.abs(best - expected) ? position : best,
    undefined,
  );
}
