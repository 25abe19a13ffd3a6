import { type AnswerLine, type AnswerText, markUp } from "./answer-text.ts";

/** The characters of Discord's Markdown that mean something within a line, and of mentions. */
const MARKS = /[\\*_~`|<>[\]@]/g;

/** The length of a line of an answer in Discord's Markdown. */
export function markdownLength({ name, rest }: AnswerLine): number {
  return (name === "" ? "" : bold(name)).length + escaped(rest).length;
}

/** An answer in Discord's Markdown: bold names, and nothing else that the post's text could have written. */
export function toMarkdown(answer: AnswerText): string {
  return markUp(answer, escaped, bold);
}

/** A name on one line: at the beginning of another one, more characters would mean something. */
function bold(name: string): string {
  return `**${escaped(name.replace(/\s+/g, " "))}**`;
}

function escaped(text: string): string {
  return text.replace(MARKS, "\\$&");
}
