import type { Box } from "../../schemas/primitives.ts";
import type { TextLine } from "../detect/text.ts";
import { meanScore } from "../detect/text-line.ts";

/**
 * A name found in a printed line: the line's index, the span there (UTF-16 code units, half-open), and the part of the
 * line's box that the span covers.
 */
export interface PrintedName {
  readonly line: number;
  readonly start: number;
  readonly end: number;
  readonly box: Box;
  /** Mean score of the matched letters × their edit similarity to the name. */
  readonly score: number;
}

/**
 * Least edit similarity of a printed name: one letter in seven may differ, so a name of six letters or fewer must match
 * exactly. Set by hand.
 */
const SIMILAR = 0.85;
/**
 * From this many letters on, a name may be part of a longer run of letters, because OCR merges words. A shorter name
 * must be a whole word: "Paris" is not in "comparison". Set by hand.
 */
const INSIDE_FROM = 8;

/** A text's letters and digits in lower case, and the index of each in the text. */
interface Letters {
  readonly characters: readonly string[];
  readonly at: readonly number[];
}

/**
 * The best match of a name in each line that prints it. Spaces and punctuation are ignored, because OCR merges words.
 */
export function findPrinted(name: string, lines: readonly TextLine[]): PrintedName[] {
  const nameLetters = lettersOf(name).characters;
  if (nameLetters.length < 2) return [];
  return lines.flatMap((line, index) => {
    const match = bestMatch(nameLetters, line.text);
    if (!match) return [];
    const { start, end, similarity } = match;
    return [
      {
        line: index,
        start,
        end,
        box: partOfLine(line, start, end),
        score: meanScore(line.letters.slice(start, end)) * similarity,
      },
    ];
  });
}

function bestMatch(
  nameLetters: readonly string[],
  text: string,
): { start: number; end: number; similarity: number } | null {
  const { characters, at } = lettersOf(text);
  // A line this short cannot reach the similarity.
  if (characters.length < SIMILAR * nameLetters.length) return null;
  let best: { start: number; end: number; similarity: number } | null = null;
  for (const { from, to, edits } of alignments(nameLetters, characters)) {
    const similarity = 1 - edits / nameLetters.length;
    if (similarity < SIMILAR || similarity <= (best?.similarity ?? 0)) continue;
    const start = at[from] ?? 0;
    const end = (at[to - 1] ?? 0) + 1;
    if (nameLetters.length >= INSIDE_FROM || (standsAlone(text, start, -1) && standsAlone(text, end, 0)))
      best = { start, end, similarity };
  }
  return best;
}

/**
 * For each end in `line`, the run of letters with the least edit distance to `nameLetters` (Sellers 1980: edit distance
 * with a free start).
 */
export function alignments(
  nameLetters: readonly string[],
  line: readonly string[],
): Array<{ from: number; to: number; edits: number }> {
  let column = Array.from({ length: nameLetters.length + 1 }, (_, row) => ({ edits: row, from: 0 }));
  const found: Array<{ from: number; to: number; edits: number }> = [];
  line.forEach((letter, index) => {
    const next = [{ edits: 0, from: index + 1 }];
    for (let row = 1; row <= nameLetters.length; row++) {
      const [diagonal, left, up] = [column[row - 1], column[row], next[row - 1]];
      if (!diagonal || !left || !up) break;
      const options = [
        { edits: diagonal.edits + (nameLetters[row - 1] === letter ? 0 : 1), from: row === 1 ? index : diagonal.from },
        { edits: left.edits + 1, from: left.from },
        { edits: up.edits + 1, from: up.from },
      ];
      next.push(options.reduce((best, option) => (option.edits < best.edits ? option : best)));
    }
    column = next;
    const last = next[nameLetters.length];
    if (last && last.from <= index) found.push({ ...last, to: index + 1 });
  });
  return found;
}

/** The part of a line's box that a span covers; its edges are halfway to the neighbouring letters. */
function partOfLine({ box, letters }: TextLine, start: number, end: number): Box {
  const between = (index: number) => ((letters[index - 1]?.x ?? 0) + (letters[index]?.x ?? 0)) / 2;
  const xmin = start > 0 ? between(start) : box.xmin;
  const xmax = end < letters.length ? between(end) : box.xmax;
  return { ...box, xmin: Math.max(box.xmin, xmin), xmax: Math.min(box.xmax, Math.max(xmax, xmin + 1)) };
}

function standsAlone(text: string, index: number, offset: -1 | 0): boolean {
  return !/[\p{L}\p{N}]/u.test(text[index + offset] ?? " ");
}

function lettersOf(text: string): Letters {
  const characters: string[] = [];
  const at: number[] = [];
  let unit = 0;
  for (const character of text) {
    for (const plain of character.normalize("NFKD").toLowerCase()) {
      if (!/[\p{L}\p{N}]/u.test(plain)) continue;
      characters.push(plain);
      at.push(unit);
    }
    unit += character.length;
  }
  return { characters, at };
}
