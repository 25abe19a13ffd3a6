/**
 * BERT's uncased word pieces (Devlin et al., 2019): from left to right, the longest piece of the vocabulary that fits.
 */
export interface WordPieces {
  /** The ids of a word's pieces: at least one, at most `MOST_PIECES`. */
  encode(word: string): number[];
}

export const [UNKNOWN, BEGIN, END] = [100, 101, 102];
/** Only the first pieces of a word are read, as in training. */
const MOST_PIECES = 12;
/** A run of letters longer than this is unknown, as in training. */
const LONGEST_PART = 60;

/** @param vocabulary one piece per line; the id of a piece is its line number from 0 */
export function createWordPieces(vocabulary: string): WordPieces {
  const ids = new Map(vocabulary.split("\n").map((piece, id) => [piece.trimEnd(), id]));
  return {
    encode(word) {
      const plain = word
        .toLowerCase()
        .normalize("NFD")
        .replace(/\p{Mn}/gu, "");
      const parts = plain.match(/[\p{L}\p{N}]+|[^\p{L}\p{N}\s]/gu) ?? [];
      const pieces = parts.flatMap((part) => piecesOf(part, ids));
      return (pieces.length > 0 ? pieces : [UNKNOWN]).slice(0, MOST_PIECES);
    },
  };
}

function piecesOf(part: string, ids: ReadonlyMap<string, number>): number[] {
  if (part.length > LONGEST_PART) return [UNKNOWN];
  const pieces: number[] = [];
  for (let start = 0; start < part.length; ) {
    let end = part.length;
    const piece = () => ids.get((start > 0 ? "##" : "") + part.slice(start, end));
    while (end > start && piece() === undefined) end--;
    const id = piece();
    if (end === start || id === undefined) return [UNKNOWN];
    pieces.push(id);
    start = end;
  }
  return pieces;
}
