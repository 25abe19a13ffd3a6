/** Most edits between a misspelt name and the one meant; for a short name, at most a third of its letters. */
const MOST_EDITS = 3;

/** The known name nearest to an unknown one; null when none is near. */
export function nearestName(name: string, known: readonly string[]): string | null {
  const plain = (text: string) => text.toLowerCase().replace(/[-_\s]/g, "");
  const rated = known.map((candidate) => ({ candidate, edits: distance(plain(name).slice(0, 60), plain(candidate)) }));
  const best = rated.reduce<(typeof rated)[number] | null>(
    (least, next) => (!least || next.edits < least.edits ? next : least),
    null,
  );
  return best && best.edits <= Math.min(MOST_EDITS, Math.ceil(best.candidate.length / 3)) ? best.candidate : null;
}

/** Levenshtein distance, computed row by row. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
