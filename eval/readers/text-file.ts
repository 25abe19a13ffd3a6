import { isUtf8 } from "node:buffer";
import { readFile } from "node:fs/promises";

const NEW_LINE = 0x0a;

/**
 * Reads a text in UTF-8, without its byte order mark. Throws when it cannot be read, or names the first line that is
 * not UTF-8: what another encoding writes for a letter would become part of a name or a text.
 */
export async function readText(file: string): Promise<string> {
  const bytes = await readFile(file);
  if (!isUtf8(bytes)) {
    const isUtf16 = /^(?:fffe|feff)/.test(bytes.toString("hex", 0, 2));
    throw new Error(isUtf16 ? "it is UTF-16, and must be UTF-8" : `line ${brokenLine(bytes)} is not UTF-8`);
  }
  return bytes.toString("utf8").replace(/^\ufeff/, "");
}

/** The number of the first line that is not UTF-8, from 1. */
function brokenLine(bytes: Buffer): number {
  let [line, start] = [1, 0];
  for (let end = bytes.indexOf(NEW_LINE); end >= 0; end = bytes.indexOf(NEW_LINE, start)) {
    if (!isUtf8(bytes.subarray(start, end))) break;
    [line, start] = [line + 1, end + 1];
  }
  return line;
}
