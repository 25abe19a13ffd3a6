/** A text as two spellings of one name agree in it, and where its parts stand in the original. */
export interface Folded {
  readonly text: string;
  /**
   * The original's slice that became `text.slice(start, end)`; null where that begins or ends inside a character.
   * UTF-16, half-open.
   */
  sliceOf(start: number, end: number): { start: number; end: number } | null;
}

/** White space; a syllable in jamo; any character with the marks on it. What no pattern joins is folded by itself. */
const CLUSTER = /\s+|[\u1100-\u115f][\u1160-\u11a7][\u11a8-\u11ff]?|[\s\S][\p{M}\p{Cf}\uff9e\uff9f]*/gu;

/**
 * NFKC and case-folded, without what does not show; quotes, dashes and white space in one form each: models write those
 * as they like.
 */
export function fold(text: string): Folded {
  const starts = new Map<number, number>();
  const ends = new Map<number, number>();
  let folded = "";
  for (const { 0: cluster, index } of text.matchAll(CLUSTER)) {
    starts.set(folded.length, index);
    folded += foldCluster(cluster);
    // A cluster that does not show belongs to none of its neighbours.
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
    .replace(/\p{Cf}/gu, "")
    .replace(/\s+/gu, " ")
    .replace(/[‘’‛′`´]/gu, "'")
    .replace(/[“”„‟″«»]/gu, '"')
    .replace(/\p{Pd}/gu, "-");
  // Upper case first: it is what sends "ß" and "ss", "ς" and "σ" to one form, as Unicode's case folding does.
  return plain.toUpperCase().toLowerCase().normalize("NFKC");
}
