import type { Scores } from "../scorers/seqeval.ts";

/** What `npm run eval -- mner --json` prints: the scores over tokens, and two more beside them. */
export interface MnerReport extends Scores {
  readonly by_type: Readonly<Record<string, Scores>>;
  readonly sentences: number;
  readonly tokens_without_handles: Scores;
  readonly text: Scores;
}

/** The report as a table for a terminal. */
export function mnerTable(report: MnerReport): string {
  return [
    `${report.sentences} sentences, seqeval micro, percent`,
    row("", ["P", "R", "F1"]),
    row("tokens, every gold entity", percentages(report)),
    ...Object.entries(report.by_type).map(([type, scores]) => row(`  ${type}`, percentages(scores))),
    row("tokens, handles left out", percentages(report.tokens_without_handles)),
    row("plain text", percentages(report.text)),
  ].join("\n");
}

function percentages({ precision, recall, f1 }: Scores): string[] {
  return [precision, recall, f1].map((value) => value.toFixed(2));
}

function row(name: string, cells: readonly string[]): string {
  return name.padEnd(28) + cells.map((cell) => cell.padStart(8)).join("");
}
