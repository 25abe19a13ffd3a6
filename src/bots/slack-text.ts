import { type AnswerLine, type AnswerText, markUp } from "./answer-text.ts";

/** Maximum length of the text of a section (docs.slack.dev/reference/block-kit/blocks/section-block). */
export const SECTION_LENGTH = 3_000;

const ESCAPED: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };
const UNESCAPED: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">" };

/**
 * A text of Slack as people read it (docs.slack.dev/messaging/formatting-message-text): links as their labels, and
 * without mentions of which only the id is known.
 */
export function readable(text: string): string {
  return text
    .replace(/<([^<>]*)>/g, (_, inside: string) => spoken(inside))
    .replace(/&(amp|lt|gt);/g, (_, name: string) => UNESCAPED[name] ?? "")
    .replace(/ {2,}/g, " ")
    .trim();
}

function spoken(inside: string): string {
  const [target = "", label = ""] = inside.split("|", 2);
  const [sign = ""] = /^[@#]/.exec(target) ?? [];
  if (label !== "") return label.startsWith(sign) ? label : sign + label;
  return /^[@#!]/.test(target) ? "" : target.replace(/^(mailto|tel):/, "");
}

/** A text that Slack shows as it is: nothing of it becomes a link, or calls anybody. */
export function escaped(text: string): string {
  return text.replace(/[&<>]/g, (sign) => ESCAPED[sign] ?? "");
}

/** An answer in Slack's own markup, with bold names. */
export function markedUp(answer: AnswerText): string {
  return markUp(answer, escaped, bold);
}

/** The length of a line of an answer in Slack's markup. */
export function markedLength({ name, rest }: AnswerLine): number {
  return bold(name).length + escaped(rest).length;
}

/** Slack has no escape for its signs of markup: a name that has one is not bold. */
function bold(name: string): string {
  return name === "" || /[*`\n]/.test(name) ? escaped(name) : `*${escaped(name)}*`;
}
