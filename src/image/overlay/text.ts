/** Width of a character in parts of the font size, for DejaVu Sans Bold and fonts like it; on the wide side, so that plates hold their text. */
const NARROW = /[iIjlft.,:;'’!|()[\] ·]/;
const WIDE = /[mwMW@%—]/;
const FULL = /[\u1100-\u11ff\u2e80-\ua4cf\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]|[\u{1f000}-\u{1faff}\u{20000}-\u{3ffff}]/u;

/** The text's width in pixels at a font size, estimated. */
export function textWidth(text: string, fontSize: number): number {
  let width = 0;
  for (const character of text) {
    if (FULL.test(character)) width += 1.1;
    else if (NARROW.test(character)) width += 0.45;
    else if (WIDE.test(character)) width += 1.05;
    else width += /\p{Lu}/u.test(character) ? 0.8 : 0.7;
  }
  return width * fontSize;
}

/** The text, cut with an ellipsis where it is wider than `most` pixels. */
export function fitText(text: string, fontSize: number, most: number): string {
  if (textWidth(text, fontSize) <= most) return text;
  const characters = [...text];
  while (characters.length > 1 && textWidth(`${characters.join("")}…`, fontSize) > most) characters.pop();
  return `${characters.join("")}…`;
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Text for XML: names come from strangers' posts. What XML 1.0 cannot hold at all (control characters, lone surrogates) becomes "\ufffd". */
export function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, "\ufffd")
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
}
