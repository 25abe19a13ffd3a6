import { cutText } from "../../schemas/cut-text.ts";
import { LIMITS } from "../../schemas/limits.ts";
import type { ProblemError } from "../../schemas/problem.ts";
import { checkCharset, decodeText } from "./decode-text.ts";
import { fieldProblem, pointerTo } from "./field-problem.ts";
import type { HeaderValue } from "./header-value.ts";
import { type Part, splitParts } from "./multipart.ts";
import { parseField, parseFields } from "./parse-json.ts";
import { imageTooLarge } from "./read-image.ts";

/** The fields of a body, and the picture's bytes when it is a part of a form. */
export interface Body {
  readonly fields: Record<string, unknown>;
  readonly image: Uint8Array | null;
}

/** Plain form fields whose values are JSON objects and arrays instead of strings. */
const STRUCTURED_FIELDS = ["tokens", "entities", "boxes", "thresholds", "webhook"];
/** Those that are a number or a boolean, and `labels`, which is a word or an object. */
const WORD_FIELDS = new Set(["labels", "max_entities", "store", "deadline_ms", "fallback"]);
const JSON_FIELDS = new Set([...STRUCTURED_FIELDS, ...WORD_FIELDS]);

/** The values of Content-Transfer-Encoding and Content-Encoding that leave the bytes as they are. */
const UNCHANGED = new Set(["", "7bit", "8bit", "binary", "identity"]);

/**
 * The fields of a multipart request, and the bytes of its picture.
 *
 * @param type Content-Type of the request
 * @throws ProblemError when the body cannot be split, or a part cannot be used
 */
export function readForm(body: Uint8Array<ArrayBuffer>, type: HeaderValue): Body {
  checkCharset(type, "");
  // A browser sends an empty file for a form in which none was chosen.
  const parts = splitParts(body, type.parameters.get("boundary")).filter(
    ({ name, filename, content }) => !(name === "image" && filename === "" && content.length === 0),
  );
  const names = parts.map(({ name }) => name);
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) throw invalid(repeated, "is given more than once");
  // Without a prototype, so that a field called `__proto__` has no effect.
  const fields: Record<string, unknown> = Object.create(null);
  let image: Uint8Array | null = null;
  for (const part of parts) {
    const { name } = part;
    refuseEncoded(part);
    if (name === "request") Object.assign(fields, parseFields(textOf(part, "invalid_json"), "/request"));
    else if (!isFile(part) || isJson(part)) fields[name] = fieldOf(part);
    else if (name === "image") image = pictureOf(part);
    else throw invalid(name, "is a file; only image may be one");
  }
  const otherField = names.find((name) => name !== "request" && name !== "image");
  if (names.includes("request") && otherField !== undefined) {
    throw invalid(otherField, "cannot be combined with request; send one or the other");
  }
  if (image && "image" in fields) throw invalid("image", "is both a part and a field of request");
  return { fields, image };
}

/** Whether a part is a file. Some clients send a picture without a file name, or even without a type. */
function isFile({ name, filename, type, content }: Part): boolean {
  if (filename !== null || type?.value.startsWith("image/")) return true;
  return name === "image" && (type?.value === "application/octet-stream" || isBinary(content));
}

/** Whether a part is JSON of a field. A browser sends a `Blob` of JSON with a file name, "blob". */
function isJson({ name, type }: Part): boolean {
  return JSON_FIELDS.has(name) && type?.value === "application/json";
}

/** Whether bytes cannot be an address or base64. */
function isBinary(bytes: Uint8Array): boolean {
  if (bytes.includes(0)) return true;
  try {
    new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return false;
  } catch {
    return true;
  }
}

/**
 * The value of a plain field. Its line breaks are single LF: FormData sends each as CR LF (WHATWG HTML, "Multipart form
 * data"), so that offsets would not fit the text that the caller has.
 */
function fieldOf(part: Part): unknown {
  const { name } = part;
  if (JSON_FIELDS.has(name)) return parseField(name, textOf(part, "invalid_json"), WORD_FIELDS.has(name));
  return textOf(part, "invalid_multipart").replaceAll("\r\n", "\n");
}

function textOf({ name, type, content }: Part, code: "invalid_json" | "invalid_multipart"): string {
  return decodeText(content, type, pointerTo(name), code);
}

function pictureOf({ content }: Part): Uint8Array {
  if (content.length > LIMITS.uploadBytes) throw imageTooLarge(LIMITS.uploadBytes, content.length);
  return content;
}

function refuseEncoded({ name, encoding }: Part): void {
  if (UNCHANGED.has(encoding)) return;
  const detail = `has the encoding ${cutText(encoding, 60)}, which is not supported: send its bytes`;
  throw fieldProblem([{ pointer: pointerTo(name), detail }], "unsupported_media_type");
}

function invalid(name: string, detail: string): ProblemError {
  return fieldProblem([{ pointer: pointerTo(name), detail }]);
}
