import { LIMITS } from "../../../schemas/limits.ts";
import type { Mention } from "../../../schemas/stages/mner.ts";

/**
 * Mentions at positions that are certain: each one's surface string is found again in the text, at the occurrence
 * nearest to where the model put it that no mention before it took. A surface that is not in the text is dropped: the
 * model made it up. In text order, each span once.
 */
export function anchorMentions(text: string, mentions: readonly Mention[]): Mention[] {
  const anchored = new Map<string, Mention>();
  for (const mention of [...mentions].sort((a, b) => a.start - b.start)) {
    const surface = mention.text.trim();
    if (surface.length === 0 || surface.length > LIMITS.nameLength) continue;
    const aim = mention.start + mention.text.indexOf(surface);
    const starts = occurrences(text, surface);
    const free = starts.filter((start) => !anchored.has(`${start} ${surface.length}`));
    const start = nearest(free, aim);
    if (start !== undefined)
      anchored.set(`${start} ${surface.length}`, { ...mention, text: surface, start, end: start + surface.length });
  }
  return [...anchored.values()].sort((a, b) => a.start - b.start || a.end - b.end);
}

/** Where a string stands in a text, overlaps included; never beginning or ending inside a character. */
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

function nearest(positions: readonly number[], aim: number): number | undefined {
  return positions.reduce<number | undefined>(
    (best, position) => (best === undefined || Math.abs(position - aim) < Math.abs(best - aim) ? position : best),
    undefined,
  );
}
