import { LIMITS } from "../../schemas/limits.ts";
import { type FieldError, ProblemError } from "../../schemas/problem.ts";
import { readBounded } from "./bounded-body.ts";
import { checkJson } from "./check-json.ts";
import { imageTooLarge } from "./read-image.ts";

/** A request's body: its fields, and the picture's bytes when it is a part of a form. */
export interface Body {
  readonly fields: Record<string, unknown>;
  readonly image: Uint8Array | null;
}

/** Plain form fields whose values are JSON instead of strings; `labels` may be either. */
const JSON_FIELDS = new Set(["tokens", "entities", "boxes", "labels", "thresholds", "max_entities", "store"]);

/** The fields of a JSON or multipart request. Throws a `ProblemError` for any other or malformed body. */
export async function readBody(request: Request): Promise<Body> {
  const type = (request.headers.get("content-type") ?? "").split(";", 1)[0]?.trim().toLowerCase();
  if (type === "application/json")
    return { fields: parseFields(await readBounded(request, readText), ""), image: null };
  if (type === "multipart/form-data") return readForm(await readBounded(request, parseForm));
  const accepted = "application/json, multipart/form-data";
  throw new ProblemError(
    "unsupported_media_type",
    `Content-Type must be one of ${accepted}.`,
    {},
    { "Accept-Post": accepted },
  );
}

/**
 * JSON must be UTF-8 (RFC 8259, section 8.1). Invalid bytes are refused: replacing them would silently change the text.
 */
async function readText(body: Response): Promise<string> {
  const bytes = await body.arrayBuffer();
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    throw new ProblemError("invalid_json", "The request is not valid UTF-8.");
  }
}

async function parseForm(body: Response): Promise<FormData> {
  try {
    return await body.formData();
  } catch {
    throw new ProblemError(
      "invalid_multipart",
      "The body cannot be split into parts: check that its boundary is right and that it is complete.",
    );
  }
}

async function readForm(form: FormData): Promise<Body> {
  // Without a prototype, so that a field called `__proto__` has no effect.
  const fields: Record<string, unknown> = Object.create(null);
  let image: Uint8Array | null = null;
  const names = [...form.keys()];
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) throw invalid({ pointer: `/${repeated}`, detail: "is given more than once" });
  for (const [name, value] of form.entries()) {
    if (name === "image" && typeof value !== "string") image = await readPart(value);
    else if (name === "request")
      Object.assign(fields, parseFields(typeof value === "string" ? value : await value.text(), "/request"));
    else if (typeof value !== "string")
      throw invalid({ pointer: `/${name}`, detail: "is a file; only image may be one" });
    else fields[name] = JSON_FIELDS.has(name) ? parseOrKeep(value) : value;
  }
  const otherField = names.find((name) => name !== "request" && name !== "image");
  if (names.includes("request") && otherField !== undefined) {
    throw invalid({ pointer: `/${otherField}`, detail: "cannot be combined with request; send one or the other" });
  }
  if (image && "image" in fields) throw invalid({ pointer: "/image", detail: "is both a part and a field of request" });
  return { fields, image };
}

async function readPart(file: File): Promise<Uint8Array> {
  if (file.size > LIMITS.uploadBytes) throw imageTooLarge(LIMITS.uploadBytes, file.size);
  return new Uint8Array(await file.arrayBuffer());
}

function parseFields(text: string, pointer: string): Record<string, unknown> {
  const parsed = parseJson(text);
  if (typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)) return parsed as Record<string, unknown>;
  throw invalid({ pointer, detail: "must be a JSON object" });
}

function parseJson(text: string): unknown {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new ProblemError("invalid_json", "The request is not valid JSON.");
  }
  checkJson(text);
  return parsed;
}

/** A value that is not JSON stays a string, so that the schema can report the type that the field must have. */
function parseOrKeep(text: string): unknown {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return text;
  }
  checkJson(text);
  return parsed;
}

function invalid(error: FieldError): ProblemError {
  return new ProblemError("invalid_request", `${error.pointer || "The request"} ${error.detail}.`, { errors: [error] });
}
