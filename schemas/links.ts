/**
 * Source of a regular expression for a link in a post's text. It ends at white space, a quotation mark, an angle
 * bracket, a comma or a semicolon; a path at `t.co` is letters and digits alone. So a name that touches a link, as in
 * `https://t.co/x,Paris`, is not part of it.
 */
export const LINK = String.raw`(?:[Hh][Tt][Tt][Pp][Ss]?://|(?<![\p{L}\p{N}.@])www\.)(?:t\.co/[A-Za-z0-9]*(?:[?#/][^\s,;<>"“”«»]*)?|[^\s,;<>"“”«»]+)`;
