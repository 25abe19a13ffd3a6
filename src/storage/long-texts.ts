import type { Database } from "./database.ts";

/** Length of a part, in UTF-16 code units: a row of a Durable Object's database has at most 2 MB. */
const PART_LENGTH = 500_000;

/** Creates the table of long texts. */
export function createLongTexts(database: Database): void {
  database.run(
    "CREATE TABLE long_texts (name TEXT, part INTEGER, text TEXT NOT NULL, PRIMARY KEY (name, part)) STRICT",
  );
}

/** Keeps a text of any length under a name. The one before it is replaced. */
export function writeLongText(database: Database, name: string, text: string): void {
  deleteLongText(database, name);
  for (let [part, start] = [0, 0]; start < text.length; part++) {
    let end = start + PART_LENGTH;
    // A row cannot hold one half of a character.
    if (/[\ud800-\udbff]/.test(text.charAt(end - 1))) end--;
    database.run("INSERT INTO long_texts (name, part, text) VALUES (?, ?, ?)", name, part, text.slice(start, end));
    start = end;
  }
}

/** The text under a name; null where there is none. */
export function readLongText(database: Database, name: string): string | null {
  const rows = database.all<{ text: string }>("SELECT text FROM long_texts WHERE name = ? ORDER BY part", name);
  return rows.length === 0 ? null : rows.map(({ text }) => text).join("");
}

export function deleteLongText(database: Database, name: string): void {
  database.run("DELETE FROM long_texts WHERE name = ?", name);
}
