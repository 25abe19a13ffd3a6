import { LIMITS } from "../../schemas/limits.ts";
import { ProblemError } from "../../schemas/problem.ts";
import { fieldProblem } from "./field-problem.ts";
import { type HeaderValue, parseHeader } from "./header-value.ts";

/** One part of a form. */
export interface Part {
  readonly name: string;
  /** The name of the file that was sent; null for a plain field. A form in which no file was chosen sends "". */
  readonly filename: string | null;
  /** Content-Type; null when the part has none. */
  readonly type: HeaderValue | null;
  /** Content-Transfer-Encoding, else Content-Encoding, in lower case; "" when the part has neither. */
  readonly encoding: string;
  /** A view of the body. */
  readonly content: Uint8Array<ArrayBuffer>;
}

const CR = 13;
const LF = 10;
const HYPHEN = 45;

/**
 * Splits a body of multipart/form-data into its parts, in one pass over its bytes.
 *
 * It is our own because of defects that we measured. `formData()` of workerd refuses names without quotes (.NET), names
 * in another case, folded headers, spaces after the boundary and a line of content that starts like the boundary; it
 * takes a file with `filename*` alone for text, and replaces bytes that are not UTF-8. @remix-run/multipart-parser
 * 0.16.3 loses names in another case and in folded headers, and refuses a preamble, a line of content that starts like
 * the boundary, and lines that end in LF. multipasta 0.2.8 refuses folded headers, spaces after the boundary, a line of
 * content that starts like the boundary, and lines that end in LF; a file name that is not UTF-8 makes it throw a
 * URIError.
 *
 * @param boundary the parameter of Content-Type; `undefined` when there is none
 * @param most parts that the form may have
 * @throws ProblemError `invalid_multipart` that says what is wrong, or `invalid_request` for too many parts
 */
export function splitParts(
  body: Uint8Array<ArrayBuffer>,
  boundary: string | undefined,
  most: number = LIMITS.formParts,
): Part[] {
  if (!boundary) throw malformed("Content-Type has no boundary: let your HTTP library write it");
  const { formBoundaryLength } = LIMITS;
  if (boundary.length > formBoundaryLength) {
    throw malformed(`The boundary in Content-Type has more than ${formBoundaryLength} characters`);
  }
  const mark = markOf(boundary);
  let line = findBoundary(body, mark, 0);
  if (!line) throw malformed("No line of the body is the boundary that Content-Type has");
  // A body whose lines end in LF alone may have content that ends in CR.
  const lineBreak = body[line.next - 2] === CR ? 2 : 1;
  const parts: Part[] = [];
  while (!line.last) {
    const number = parts.length + 1;
    if (number > most) throw tooManyParts(most);
    const start = headersEnd(body, line.next, number);
    const headers = readHeaders(body.subarray(line.next, start), number);
    const end = findBoundary(body, mark, start);
    if (!end) throw malformed(`The body ends inside part ${number}: it was cut off`);
    const width = body[end.start - 2] === CR ? lineBreak : 1;
    parts.push(partOf(headers, body.subarray(start, Math.max(start, end.start - width)), number));
    line = end;
  }
  return parts;
}

interface BoundaryLine {
  readonly start: number;
  /** The index after the line. */
  readonly next: number;
  /** Whether it ends the form. */
  readonly last: boolean;
}

/** The bytes that start a boundary line. */
interface Mark {
  readonly bytes: Uint8Array;
  /** How far a search can go on, by the byte of the body at the place of the mark's last byte (Horspool, 1980). */
  readonly steps: Uint8Array;
}

function markOf(boundary: string): Mark {
  const bytes = new TextEncoder().encode(`--${boundary}`);
  const steps = new Uint8Array(256).fill(bytes.length);
  for (let index = 0; index + 1 < bytes.length; index++) steps[bytes[index] ?? 0] = bytes.length - 1 - index;
  return { bytes, steps };
}

/** The next line that is the boundary. Spaces may follow it (RFC 2046, 5.1.1). */
function findBoundary(body: Uint8Array, { bytes, steps }: Mark, from: number): BoundaryLine | null {
  const last = bytes.length - 1;
  for (let start = from; start + last < body.length; start += steps[body[start + last] ?? 0] ?? 1) {
    // Compared only where a line starts, so that no content can make the search slow.
    if (start > 0 && body[start - 1] !== LF) continue;
    if (!bytes.every((byte, offset) => body[start + offset] === byte)) continue;
    let next = start + bytes.length;
    if (body[next] === HYPHEN && body[next + 1] === HYPHEN) return { start, next: next + 2, last: true };
    while (body[next] === 32 || body[next] === 9) next++;
    if (body[next] === CR) next++;
    if (body[next] === LF) return { start, next: next + 1, last: false };
  }
  return null;
}

/** The index after the empty line that ends the headers of a part. */
function headersEnd(body: Uint8Array, from: number, number: number): number {
  const limit = Math.min(body.length, from + LIMITS.formHeaderBytes);
  for (let start = from; ; ) {
    const end = body.indexOf(LF, start);
    if (end === -1 || end >= limit) break;
    if (end === start || (end === start + 1 && body[start] === CR)) return end + 1;
    start = end + 1;
  }
  if (limit === body.length) throw malformed(`The body ends inside the headers of part ${number}: it was cut off`);
  throw malformed(`The headers of part ${number} have more than ${LIMITS.formHeaderBytes} bytes`);
}

/** Headers by name in lower case. A line that starts with a space continues the one before it. */
function readHeaders(bytes: Uint8Array, number: number): Map<string, string> {
  const lines = new TextDecoder()
    .decode(bytes)
    .replace(/\r?\n[ \t]+/g, " ")
    .split(/\r?\n/);
  const headers = new Map<string, string>();
  for (const line of lines) {
    if (line === "") continue;
    const colon = line.indexOf(":");
    if (colon === -1) throw malformed(`A header of part ${number} has no colon`);
    headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  return headers;
}

function partOf(headers: ReadonlyMap<string, string>, content: Uint8Array<ArrayBuffer>, number: number): Part {
  const { parameters } = parseHeader(headers.get("content-disposition") ?? "");
  const name = parameters.get("name");
  if (!name) throw malformed(`Part ${number} has no Content-Disposition with a name`);
  const type = headers.get("content-type");
  return {
    name,
    // Nothing reads the name of a file, so that in the form of RFC 8187 (`filename*=UTF-8''a.png`) is not decoded.
    filename: parameters.get("filename") ?? parameters.get("filename*") ?? null,
    type: type ? parseHeader(type) : null,
    encoding: (headers.get("content-transfer-encoding") ?? headers.get("content-encoding") ?? "").toLowerCase(),
    content,
  };
}

function malformed(detail: string): ProblemError {
  return new ProblemError("invalid_multipart", `${detail}.`);
}

function tooManyParts(most: number): ProblemError {
  return fieldProblem([{ pointer: "", detail: `has more than ${most} parts`, limit: most }]);
}
