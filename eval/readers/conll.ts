/** One sentence of a CoNLL file: its tokens and their BIO labels. */
export interface Sentence {
  readonly tokens: readonly string[];
  readonly labels: readonly string[];
}

/**
 * Read a CoNLL file: one token a line, its label in the last column, tabs or spaces between; a blank line ends a
 * sentence; `IMGID:` lines (Twitter-GMNER) and `-DOCSTART-` are passed over. Throws, naming the line, where a label is
 * missing or is not BIO.
 */
export function readConll(text: string): Sentence[] {
  const sentences: Sentence[] = [];
  let [tokens, labels]: [string[], string[]] = [[], []];
  const end = () => {
    if (tokens.length > 0) sentences.push({ tokens, labels });
    [tokens, labels] = [[], []];
  };
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === "") end();
    if (line.trim() === "" || /^(?:IMGID:|-DOCSTART-)/.test(line)) continue;
    const columns = line.includes("\t") ? line.split("\t") : line.trim().split(/ +/);
    const [token, label] = [columns[0]?.trim(), columns.at(-1)?.trim()];
    if (columns.length < 2 || !token || !label || !/^(?:O|[BI]-\S+)$/.test(label)) {
      throw new Error(`line ${index + 1} is not "token label" with a BIO label: ${JSON.stringify(line.slice(0, 80))}`);
    }
    tokens.push(token);
    labels.push(label);
  }
  end();
  return sentences;
}
