import { htmlCharacter } from "../../../schemas/html-entities.ts";

/** What has an empty line around it, and what begins a new line. */
const BLOCKS = new Set("p blockquote figure h1 h2 h3 h4 h5 h6 hr ol pre table ul".split(" "));
const LINES = new Set("br dd div dt figcaption footer header li section tr".split(" "));
/** Elements whose content is no text. */
const UNREAD = new Set(["script", "style", "template"]);

/** Bounded, so that a `<` without its `>` is read once and not once for each length of the name. */
const TAG = /<\/?([a-zA-Z][a-zA-Z0-9]{0,30})(?![a-zA-Z0-9])[^<>]*>/y;
const ENTITY = /&(?:#[xX][0-9a-fA-F]{1,6}|#[0-9]{1,7}|[A-Za-z]{2,8});/g;

/**
 * The text of HTML as a post has it: tags and comments are removed, `<br>` and blocks become lines, other space one
 * space, and entities the characters that they stand for. Takes time in proportion to the length, whatever the HTML is.
 */
export function htmlToText(html: string): string {
  let text = "";
  for (let at = 0; at < html.length; ) {
    const open = html.indexOf("<", at);
    const end = open === -1 ? html.length : open;
    text += html.slice(at, end).replace(/\s+/g, " ");
    if (end === html.length) break;
    const { next, mark } = readMarkup(html, open);
    text += mark;
    at = next;
  }
  const lines = text.split("\n").map((line) => line.trim());
  return lines
    .join("\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim()
    .replace(ENTITY, (entity) => htmlCharacter(entity) ?? entity);
}

/** What stands at a `<`: where it ends, and what it is in the text. */
function readMarkup(html: string, open: number): { next: number; mark: string } {
  if (html.startsWith("<!--", open)) return { next: after(html, "-->", open + 4), mark: "" };
  TAG.lastIndex = open;
  const [tag, name = ""] = TAG.exec(html) ?? [];
  if (tag === undefined) return { next: open + 1, mark: "<" };
  const element = name.toLowerCase();
  const next = open + tag.length;
  if (UNREAD.has(element) && !tag.startsWith("</")) {
    const close = new RegExp(`</${element}`, "gi");
    close.lastIndex = next;
    return { next: after(html, ">", close.exec(html)?.index ?? html.length), mark: "" };
  }
  return { next, mark: BLOCKS.has(element) ? "\n\n" : LINES.has(element) ? "\n" : "" };
}

/** Where the text behind an end begins. What has no end goes on to the end of the HTML. */
function after(html: string, end: string, from: number): number {
  const found = html.indexOf(end, from);
  return found === -1 ? html.length : found + end.length;
}
