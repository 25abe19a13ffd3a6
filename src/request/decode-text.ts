import { cutText } from "../../schemas/cut-text.ts";
import { fieldProblem } from "./field-problem.ts";
import type { HeaderValue } from "./header-value.ts";

/** Names of US-ASCII (RFC 2046). Its texts are UTF-8 as well. */
const ASCII = new Set(["us-ascii", "ascii", "ansi_x3.4-1968"]);

/**
 * A text from its bytes, which must be UTF-8 (RFC 8259, section 8.1; RFC 7578, section 5.1.2) or the US-ASCII that was
 * declared. Anything else is refused: replacing invalid bytes would silently change the text.
 *
 * @param type Content-Type, whose `charset` is obeyed
 * @param where pointer to the field, or "" for the request
 * @param code of the problem when the bytes are not what they should be
 */
export function decodeText(
  bytes: Uint8Array,
  type: HeaderValue | null,
  where: string,
  code: "invalid_json" | "invalid_multipart",
): string {
  const charset = checkCharset(type, where);
  if (charset === "us-ascii" && bytes.some((byte) => byte > 127)) {
    const detail = `is declared as ${type?.parameters.get("charset")} but has bytes above 127`;
    throw fieldProblem([{ pointer: where, detail }], code);
  }
  try {
    // The byte order mark stays: it is a character of the text, and offsets count it.
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw fieldProblem([{ pointer: where, detail: "is not valid UTF-8" }], code);
  }
}

/** The charset that a Content-Type declares; UTF-8 when it declares none. Any other than the two is refused by name. */
export function checkCharset(type: HeaderValue | null, where: string): "utf-8" | "us-ascii" {
  const charset = type?.parameters.get("charset") ?? "";
  if (charset === "" || isUtf8(charset)) return "utf-8";
  if (ASCII.has(charset.toLowerCase())) return "us-ascii";
  const detail = `is declared with the charset ${cutText(charset, 60)}; only UTF-8 and US-ASCII are supported`;
  throw fieldProblem([{ pointer: where, detail }], "unsupported_media_type");
}

/** Whether a name is one of UTF-8's (WHATWG Encoding). */
function isUtf8(charset: string): boolean {
  try {
    return new TextDecoder(charset).encoding === "utf-8";
  } catch {
    return false;
  }
}
