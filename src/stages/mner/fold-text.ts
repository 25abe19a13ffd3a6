/**
 * A normalised text, in which two spellings of one name are the same, and the positions of its parts in the original.
 */
export interface Folded {
  readonly text: string;
  /**
   * The span of the original that became `text.slice(start, end)`: UTF-16 code units, half-open. Null where it would
   * begin or end inside a character.
   */
  sliceOf(start: number, end: number): { start: number; end: number } | null;
}

/**
 * The units that are folded one by one: white space, a syllable in jamo, any character with its combining marks. The
 * marks of emoji (U+FE0E, U+FE0F, U+20E3) are units of their own: they do not belong to a letter before them.
 */
const CLUSTER =
  /\s+|[\u1100-\u115f][\u1160-\u11a7][\u11a8-\u11ff]?|[\s\S](?:(?!\ufe0e|\ufe0f|\u20e3)[\p{M}\p{Cf}\uff9e\uff9f])*/gu;

/** NFKC and case folding, without invisible characters, and with one form each of quotes, dashes and white space. */
export function fold(text: string): Folded {
  const starts = new Map<number, number>();
  const ends = new Map<number, number>();
  let folded = "";
  for (const { 0: cluster, index } of text.matchAll(CLUSTER)) {
    starts.set(folded.length, index);
    folded += foldCluster(cluster);
    // An invisible cluster belongs to neither neighbour.
    if (!ends.has(folded.length)) ends.set(folded.length, index + cluster.length);
  }
  return {
    text: folded,
    sliceOf(from, to) {
      const [start, end] = [starts.get(from), ends.get(to)];
      return start === undefined || end === undefined ? null : { start, end };
    },
  };
}

function foldCluster(cluster: string): string {
  const plain = cluster
    .normalize("NFKC")
    .replace(/\p{Cf}|\ufe0e|\ufe0f/gu, "")
    .replace(/\s+/gu, " ")
    .replace(/[‘’‛′`´]/gu, "'")
    .replace(/[“”„‟″«»]/gu, '"')
    .replace(/\p{Pd}/gu, "-");
  // Upper case first: it gives "ß" and "ss", "ς" and "σ" the same form, as Unicode's case folding does.
  return plain.toUpperCase().toLowerCase().normalize("NFKC");
}
