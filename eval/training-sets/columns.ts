/** What readers of Python or JavaScript may take for the end of a column or a line. */
const BREAK = /[\t\n\v\f\r\x1c-\x1e\x85\u2028\u2029]/g;

/**
 * One line of a tab-separated file. Tabs and line breaks in a column become spaces, and half of a surrogate pair, which
 * UTF-8 cannot write, U+FFFD. Nothing is quoted: OFA splits lines at tabs (OFA-Sys/OFA, `data/file_dataset.py`).
 */
export function tsvLine(columns: readonly string[]): string {
  return `${columns.map((column) => column.replace(BREAK, " ").replace(/\p{Surrogate}/gu, "\ufffd")).join("\t")}\n`;
}
