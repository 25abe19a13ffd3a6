import type { Scores } from "../scorers/seqeval.ts";

/** Gold entities of one kind, and how many of them were found. */
export interface Found {
  readonly gold: number;
  readonly found_in_tokens: number;
  readonly found_in_text: number;
}

/** What `npm run eval -- mner --json` prints: the scores over tokens, and two more beside them. */
export interface MnerReport extends Scores {
  readonly by_type: Readonly<Record<string, Scores>>;
  readonly sentences: number;
  readonly tokens_without_handles: Scores;
  readonly text: Scores;
  readonly handles: Found;
  readonly hashtags: Found;
}

/** The report as a table for a terminal. */
export function mnerTable(report: MnerReport): string {
  const found = ({ gold, found_in_tokens, found_in_text }: Found) =>
    `${found_in_tokens} in tokens, ${found_in_text} in plain text, of ${gold}`;
  return [
    `${report.sentences} sentences, seqeval micro, percent`,
    row("", ["P", "R", "F1"]),
    row("tokens, every gold entity", percentages(report)),
    ...Object.entries(report.by_type).map(([type, scores]) => row(`  ${type}`, percentages(scores))),
    row("tokens, handles left out", percentages(report.tokens_without_handles)),
    row("plain text", percentages(report.text)),
    `handles found: ${found(report.handles)}`,
    `hashtags found: ${found(report.hashtags)}`,
  ].join("\n");
}

export function percentages({ precision, recall, f1 }: Scores): string[] {
  return [precision, recall, f1].map((value) => value.toFixed(2));
}

export function row(name: string, cells: readonly string[]): string {
  return name.padEnd(28) + cells.map((cell) => cell.padStart(8)).join("");
}
