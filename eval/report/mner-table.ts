import type { Scores } from "../scorers/seqeval.ts";

/** What `npm run eval -- mner --json` prints: the scores over tokens, and two more beside them. */
export interface MnerReport extends Scores {
  readonly by_type: Readonly<Record<string, Scores>>;
  readonly sentences: number;
  readonly tokens_without_handles: Scores;
  readonly text: Scores;
  /** Gold entities that are a handle or a hashtag, and how many of them were found. */
  readonly handles_and_tags: {
    readonly gold: number;
    readonly found_in_tokens: number;
    readonly found_in_text: number;
  };
}

/** The report as a table for a terminal. */
export function mnerTable(report: MnerReport): string {
  const { gold, found_in_tokens, found_in_text } = report.handles_and_tags;
  return [
    `${report.sentences} sentences, seqeval micro, percent`,
    row("", ["P", "R", "F1"]),
    row("tokens, every gold entity", percentages(report)),
    ...Object.entries(report.by_type).map(([type, scores]) => row(`  ${type}`, percentages(scores))),
    row("tokens, handles left out", percentages(report.tokens_without_handles)),
    row("plain text", percentages(report.text)),
    `handles and tags of the gold entities: ${gold}; found in tokens: ${found_in_tokens}, in plain text: ${found_in_text}`,
  ].join("\n");
}

export function percentages({ precision, recall, f1 }: Scores): string[] {
  return [precision, recall, f1].map((value) => value.toFixed(2));
}

export function row(name: string, cells: readonly string[]): string {
  return name.padEnd(28) + cells.map((cell) => cell.padStart(8)).join("");
}
