import type { ChatCosts } from "../chat/chat-server.ts";
import type { Outcome } from "../commands/configured.ts";
import { percentages } from "./mner-table.ts";

/** What one configuration answered, and what it asked a chat model for that. */
export interface ChatRow extends Outcome, ChatCosts {
  readonly name: string;
}

/** The rows as a table for a terminal. */
export function chatTable(title: string, rows: readonly ChatRow[]): string {
  const cells = rows.map((row) => [
    row.name,
    ...percentages(row),
    String(row.requests),
    `${((100 * row.requests) / Math.max(1, row.sentences)).toFixed(1)} %`,
    String(row.roundTrips),
    String(Math.round((row.promptCharacters + row.replyCharacters) / 1000)),
    row.tokens === null ? "-" : String(row.tokens),
    `${row.expressions}/${row.entities}`,
  ]);
  const heading = [title, "P", "R", "F1", "requests", "a post", "round trips", "1,000 chars", "tokens", "with phrase"];
  const widths = heading.map((name, column) =>
    Math.max(...[heading, ...cells].map((line) => line[column]?.length ?? name.length)),
  );
  const lines = [heading, ...cells].map((line) =>
    line.map((cell, column) => cell.padStart(widths[column] ?? 0)).join("  "),
  );
  return [`${rows[0]?.sentences ?? 0} different texts, exact spans and types, micro, percent`, ...lines].join("\n");
}
