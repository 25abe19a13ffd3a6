import type { GoldPostsReport } from "../scorers/gold-posts-score.ts";
import { percentages, row } from "./mner-table.ts";

/** The report as a table for a terminal. */
export function goldPostsTable(report: GoldPostsReport): string {
  return [
    `${report.posts} posts in plain text, exact spans and types, micro, percent`,
    row("", ["P", "R", "F1"]),
    row(`all ${report.gold} names`, percentages(report)),
    ...Object.entries(report.by_type).map(([type, scores]) => row(`  ${type}`, percentages(scores))),
    ...Object.entries(report.by_kind).map(([kind, scores]) =>
      row(`${kind}: ${scores.right} of ${scores.gold}`, percentages(scores)),
    ),
  ].join("\n");
}
