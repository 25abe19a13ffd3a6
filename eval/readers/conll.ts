/** One sentence of a CoNLL file: its tokens and their BIO labels. */
export interface Sentence {
  readonly tokens: readonly string[];
  readonly labels: readonly string[];
  /** What stands behind `IMGID:` above it; absent without such a line. */
  readonly id?: string;
}

/**
 * Read a CoNLL file: one token a line, its label in the last column, tabs or spaces between; a blank line ends a
 * sentence; an `IMGID:` line (Twitter-GMNER) is the sentence's id; `-DOCSTART-` is skipped. Throws an error that
 * names the line when a label is missing or is not BIO.
 */
export function readConll(text: string): Sentence[] {
  const sentences: Sentence[] = [];
  let [tokens, labels]: [string[], string[]] = [[], []];
  let id: string | null = null;
  const end = () => {
    if (tokens.length > 0) sentences.push({ tokens, labels, ...(id !== null && { id }) });
    [tokens, labels, id] = [[], [], null];
  };
  for (const [index, line] of text
    .replace(/^\ufeff/, "")
    .split(/\r?\n/)
    .entries()) {
    if (line.trim() === "") end();
    if (line.trim() === "" || line.startsWith("-DOCSTART-")) continue;
    if (line.startsWith("IMGID:")) {
      end();
      id = line.slice("IMGID:".length).trim();
      continue;
    }
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
