/** HTML's names of the letters from U+00C0 to U+00FF, in their order (HTML Standard, section 13.5). */
const LETTERS =
  "Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde " +
  "Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc " +
  "atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc " +
  "otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml";

const CHARACTERS = new Map([
  ...Object.entries({
    amp: "&",
    lt: "<",
    gt: ">",
    quot: '"',
    apos: "'",
    nbsp: " ",
    NewLine: "\n",
    Tab: "\t",
    lsquo: "‘",
    rsquo: "’",
    ldquo: "“",
    rdquo: "”",
    laquo: "«",
    raquo: "»",
    ndash: "–",
    mdash: "—",
    hellip: "…",
    bull: "•",
    middot: "·",
    shy: "\u00ad",
    zwj: "\u200d",
    zwnj: "\u200c",
    copy: "©",
    reg: "®",
    trade: "™",
    Scaron: "Š",
    scaron: "š",
    OElig: "Œ",
    oelig: "œ",
  }),
  ...LETTERS.split(" ").map((name, index) => [name, String.fromCodePoint(0xc0 + index)] as const),
]);

/**
 * An HTML entity, also one that was escaped again (`&amp;amp;`, `&amp;#39;`), as feeds of posts have them. HTML allows
 * the oldest ones to end without a semicolon.
 */
export const HTML_ENTITY =
  `&(?:amp;){0,3}(?:#[xX][0-9a-fA-F]{1,6}|#[0-9]{1,7}|[A-Za-z]{2,8});|` + "&(?:amp|lt|gt|quot|nbsp)(?![A-Za-z0-9=;])";

/** The character that an HTML entity stands for; null where it stands for none. */
export function htmlCharacter(entity: string): string | null {
  const name = entity
    .slice(1)
    .replace(/;$/, "")
    .replace(/^(?:amp;)+/, "");
  if (!name.startsWith("#")) return CHARACTERS.get(name) ?? null;
  const codePoint = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
  const isCharacter = codePoint > 0 && codePoint <= 0x10ffff && !(codePoint >= 0xd800 && codePoint <= 0xdfff);
  return isCharacter ? String.fromCodePoint(codePoint) : null;
}
