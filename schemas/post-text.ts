/**
 * Source of a regular expression for a link in a post's text. It ends at white space, a quotation mark, an angle
 * bracket, a comma or a semicolon; a path at `t.co` is letters and digits alone. So a name that touches a link, as in
 * `https://t.co/x,Paris`, is not part of it.
 */
export const LINK = String.raw`(?:[Hh][Tt][Tt][Pp][Ss]?://|(?<![\p{L}\p{N}.@])www\.)(?:t\.co/[A-Za-z0-9]*(?:[?#/][^\s,;<>"“”«»]*)?|[^\s,;<>"“”«»]+)`;

/** Source of a regular expression for an ending that is not part of the name before it: Collins's, NASA'll. */
export const CLITIC = String.raw`['’](?:s|ll|re|ve|d|m)`;

/**
 * Source of a regular expression for the white space between two lines of text or two cells of a table. A name does not
 * continue after it.
 */
export const HARD_SPACE = String.raw`(?:[\n\r\t\v\f\u0085\u2028\u2029]|\s{3})`;
