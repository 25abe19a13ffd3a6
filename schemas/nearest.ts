/** Maximum edits between a misspelt name and the one meant; of a short name, at most a third of its letters. */
const MAXIMUM_EDITS = 3;
/** Letters of a misspelt name that are compared, and characters in which they are looked for. */
const COMPARED_LETTERS = 60;
const READ_LENGTH = 4 * COMPARED_LETTERS;

/**
 * The known name that is nearest to an unknown one, or null when none is near. Case, hyphens, underscores and spaces
 * do not count.
 *
 * @param maximumEdits letters inserted, deleted or replaced, and neighbours swapped
 */
export function nearestName(name: string, known: readonly string[], maximumEdits = MAXIMUM_EDITS): string | null {
  const letters = (text: string) => text.toLowerCase().replace(/[-_\s]/g, "");
  const misspelt = letters(name.slice(0, READ_LENGTH)).slice(0, COMPARED_LETTERS);
  const candidates = known.map((candidate) => ({ candidate, edits: editDistance(misspelt, letters(candidate)) }));
  const nearest = candidates.reduce<(typeof candidates)[number] | null>(
    (least, next) => (!least || next.edits < least.edits ? next : least),
    null,
  );
  if (!nearest) return null;
  const allowed = Math.min(maximumEdits, Math.ceil(nearest.candidate.length / 3));
  return nearest.edits <= allowed ? nearest.candidate : null;
}

/**
 * Optimal string alignment: Levenshtein's distance in which a swap of neighbours is one edit. One row at a time; a swap
 * needs the row before the last.
 */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = isSwap ? (beforeLast[j - 2] ?? 0) + 1 : replaced;
      next.push(Math.min(replaced, swapped, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    [beforeLast, row] = [row, next];
  }
  return row[b.length] ?? 0;
}
