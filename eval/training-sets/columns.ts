/** Control characters and line separators: readers may take some of them for the end of a column or a line. */
const BREAK = /[\p{Cc}\p{Zl}\p{Zp}]/gu;

/**
 * One line of a tab-separated file. Tabs, line breaks and other control characters in a column become spaces, and half
 * of a surrogate pair, which UTF-8 cannot write, U+FFFD. Nothing is quoted: OFA splits lines at tabs (OFA-Sys/OFA,
 * `data/file_dataset.py`).
 */
export function tsvLine(columns: readonly string[]): string {
  return `${columns.map((column) => column.replace(BREAK, " ").replace(/\p{Surrogate}/gu, "\ufffd")).join("\t")}\n`;
}
