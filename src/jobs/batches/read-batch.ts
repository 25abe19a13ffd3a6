import { LIMITS } from "../../../schemas/limits.ts";
import { ProblemError } from "../../../schemas/problem.ts";
import { readBounded } from "../../request/bounded-body.ts";
import { decodeText } from "../../request/decode-text.ts";
import { fieldProblem, pointerTo, refuse } from "../../request/field-problem.ts";
import { type HeaderValue, parseHeader } from "../../request/header-value.ts";
import { splitParts } from "../../request/multipart.ts";
import { refuseEncoded } from "../../request/read-body.ts";
import type { Claim } from "../../resilience/memory-budget.ts";

/** The body of a batch. */
export interface BatchBody {
  /** The lines that are not empty. */
  readonly lines: readonly string[];
  /** The files of a form by their names; null where the body is no form. */
  readonly files: ReadonlyMap<string, Uint8Array> | null;
}

/** The part of a form that has the lines. */
export const POSTS = "posts";
/** Media types of JSON lines, of which none is registered. */
const JSON_LINES = ["application/x-ndjson", "application/jsonl", "application/x-jsonlines", "application/ndjson"];
const FORM = "multipart/form-data";

/**
 * Bytes of memory that a byte of the body takes while it is read and given to the batch: of lines their bytes, their
 * text, their fields and these on their way; of files also the picture without metadata. Set by hand.
 */
const BODY_FACTOR = 6;

/**
 * Reads the lines and files of a batch. What is wrong about one line alone is not looked for.
 *
 * @param signal aborts when the request's time is over
 * @param claim the memory of the request
 * @throws ProblemError when the body is no batch: of another type, not UTF-8, empty, or with too many lines
 */
export async function readBatch(request: Request, signal: AbortSignal, claim: Claim): Promise<BatchBody> {
  refuseEncoded(request.headers.get("content-encoding"));
  const type = parseHeader(request.headers.get("content-type") ?? "");
  if (type.value !== FORM && !JSON_LINES.includes(type.value)) {
    const accepted = `${JSON_LINES[0]}, ${FORM}`;
    const detail = `Content-Type must be one of ${accepted}.`;
    throw new ProblemError("unsupported_media_type", detail, {}, { "Accept-Post": accepted });
  }
  const body = await readBounded(request, signal, LIMITS.bodyBytes, (bytes) => claim.grow(BODY_FACTOR * bytes));
  if (type.value === FORM) return readForm(body, type);
  return { lines: splitLines(decodeText(body, type, "", "invalid_json"), ""), files: null };
}

function readForm(body: Uint8Array<ArrayBuffer>, type: HeaderValue): BatchBody {
  const parts = splitParts(body, type.parameters.get("boundary"), LIMITS.batchPosts + 1);
  const names = parts.map(({ name }) => name);
  const repeated = names.filter((name, index) => names.indexOf(name) !== index);
  refuse(repeated.map((name) => ({ pointer: pointerTo(name), detail: "is given more than once" })));
  const posts = parts.find(({ name }) => name === POSTS);
  if (!posts) throw fieldProblem([{ pointer: `/${POSTS}`, detail: "is required: the part with the lines" }]);
  for (const { encoding } of parts) refuseEncoded(PLAIN.has(encoding) ? null : encoding);
  const files = parts.filter((part) => part !== posts).map(({ name, content }) => [name, content] as const);
  const text = decodeText(posts.content, posts.type, `/${POSTS}`, "invalid_json");
  return { lines: splitLines(text, `/${POSTS}`), files: new Map(files) };
}

/** Values of Content-Transfer-Encoding that leave the bytes as they are. */
const PLAIN = new Set(["", "7bit", "8bit", "binary", "identity"]);

/** The lines of a text that have something on them. Their number is counted before any of them is read. */
function splitLines(text: string, pointer: string): string[] {
  const lines = text.replace(/^\ufeff/, "").split("\n");
  const posts = lines.filter((line) => /[^\s]/.test(line));
  const limit = LIMITS.batchPosts;
  const { length: value } = posts;
  if (value === 0) throw fieldProblem([{ pointer, detail: "has no line with a post", limit: 1, value }]);
  if (value <= limit) return posts;
  throw fieldProblem([{ pointer, detail: `has ${value} lines; at most ${limit} posts`, limit, value }]);
}
