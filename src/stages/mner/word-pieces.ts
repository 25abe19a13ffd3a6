/** The characters with which byte-level tokenisers (GPT-2's) write the bytes that cannot be printed, from U+0100 on. */
const UNPRINTED = [...Array(33).keys(), ...Array.from({ length: 34 }, (_, index) => 127 + index), 173];

/**
 * The pieces of a tokeniser in one string. WordPiece marks a piece inside a word (`##`), so words are joined by spaces;
 * SentencePiece and byte-level tokenisers mark a word's first piece (`▁`, `Ġ`), so pieces are joined by nothing.
 */
export function fromPieces(pieces: readonly string[]): string {
  if (pieces.some((piece) => /[▁Ġ]/.test(piece))) return pieces.join("");
  return pieces.join(" ").replaceAll(" ##", "");
}

/**
 * How a word of a tagger may stand in the text: as it is, without the marks of its pieces, and with the bytes of a
 * byte-level tokeniser as characters (`ĠZÃ¼rich`).
 */
export function spellingsOf(word: string): string[] {
  const marked = word.replaceAll("##", "").replace(/[▁Ġ]/g, " ");
  return [...new Set([word, marked, fromByteLevel(word) ?? word])];
}

function fromByteLevel(word: string): string | null {
  const bytes: number[] = [];
  for (const character of word) {
    const code = character.codePointAt(0) ?? 0;
    const byte = code < 0x100 ? code : UNPRINTED[code - 0x100];
    if (byte === undefined) return null;
    bytes.push(byte);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(bytes));
  } catch {
    return null;
  }
}
