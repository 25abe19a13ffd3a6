import { cutText } from "../../schemas/cut-text.ts";

/** A piece of a text, which begins with a line. */
export interface TextRecord {
  /** Without white space at both ends. */
  readonly text: string;
  /** The number of its first line, from 1. */
  readonly line: number;
}

/**
 * The lines of a text, or the pieces that begin with a line that has a prefix; blank ones are left out. Throws an error
 * that names the line where `PREFIX…###` stands behind the start of a line. A program that was stopped between an
 * answer and its line break leaves such a line, and the second answer would be a part of the first.
 */
export function recordsOf(text: string, prefix = ""): TextRecord[] {
  // A line begins after "\n" alone: a text may have other line separators inside.
  const starts = new RegExp(`(?<![^\\n])(?=${prefix})`);
  const inside = new RegExp(`(?<=[\\s\\S])${prefix}[^\\s#]+(?:#[^\\s#]+)?###`);
  let line = 1;
  return text.split(prefix === "" ? /(?<=\n)/ : starts).flatMap((record) => {
    const first = line;
    line += record.split("\n").length - 1;
    const again = prefix === "" ? -1 : record.search(inside);
    if (again >= 0) {
      const place = first + record.slice(0, again).split("\n").length - 1;
      throw new Error(`line ${place} has ${JSON.stringify(prefix)} behind its start: a line break is missing`);
    }
    const blank = record.slice(0, record.length - record.trimStart().length).split("\n").length - 1;
    return record.trim() === "" ? [] : [{ text: record.trim(), line: first + blank }];
  });
}

/** The groups of a pattern in a record. Throws an error that names the line and the form where it does not match. */
export function partsOf({ text, line }: TextRecord, pattern: RegExp, form: string): string[] {
  const parts = pattern.exec(text);
  if (!parts) throw new Error(`line ${line} is not ${form}: ${JSON.stringify(cutText(text, 80))}`);
  return parts.slice(1);
}
