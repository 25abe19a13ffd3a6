import { LIMITS } from "../../schemas/limits.ts";
import { type FieldError, ProblemError } from "../../schemas/problem.ts";

/** A request as it came: its fields, and the picture where it is a part of its own. */
export interface Body {
  readonly fields: Record<string, unknown>;
  readonly image: Uint8Array | null;
}

/** Plain fields of a form whose values are JSON and not strings. */
const JSON_FIELDS = new Set(["entities", "thresholds", "max_entities"]);

/** The fields of a JSON or multipart request. Throws a `ProblemError` for a body that is neither, or not well-formed. */
export async function readBody(request: Request): Promise<Body> {
  const type = (request.headers.get("content-type") ?? "").split(";", 1)[0]?.trim().toLowerCase();
  if (type === "application/json") return { fields: parseFields(await request.text(), ""), image: null };
  if (type === "multipart/form-data") return readForm(await parseForm(request));
  const accepted = "application/json, multipart/form-data";
  throw new ProblemError("unsupported_media_type", `Content-Type must be one of ${accepted}.`, {}, { "Accept-Post": accepted });
}

async function parseForm(request: Request): Promise<FormData> {
  try {
    return await request.formData();
  } catch {
    throw new ProblemError("invalid_multipart", "The parts cannot be told apart: check the boundary and that the body is whole.");
  }
}

async function readForm(form: FormData): Promise<Body> {
  const fields: Record<string, unknown> = {};
  let image: Uint8Array | null = null;
  const names = [...form.keys()];
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) throw invalid({ pointer: `/${repeated}`, detail: "stands more than once" });
  for (const [name, value] of form.entries()) {
    if (name === "image" && typeof value !== "string") image = await readImage(value);
    else if (name === "request") Object.assign(fields, parseFields(typeof value === "string" ? value : await value.text(), "/request"));
    else if (typeof value !== "string") throw invalid({ pointer: `/${name}`, detail: "is a file; only image may be one" });
    else fields[name] = JSON_FIELDS.has(name) ? parseOrKeep(value) : value;
  }
  const beside = names.find((name) => name !== "request" && name !== "image");
  if (names.includes("request") && beside !== undefined) {
    throw invalid({ pointer: `/${beside}`, detail: "stands beside request; use one or the other" });
  }
  if (image && "image" in fields) throw invalid({ pointer: "/image", detail: "is both a part and a field of request" });
  return { fields, image };
}

async function readImage(file: File): Promise<Uint8Array> {
  if (file.size > LIMITS.uploadBytes) throw imageTooLarge(LIMITS.uploadBytes, file.size);
  return new Uint8Array(await file.arrayBuffer());
}

/** The picture of a JSON field: a base64 data URL, or base64 alone. Throws a `ProblemError` at `/image`. */
export function decodeImage(image: string): Uint8Array {
  if (/^https?:/i.test(image)) {
    const detail = "is an address; a picture comes as a data URL, as base64, or as a multipart part";
    const value = `${image.length} UTF-16 code units`;
    throw new ProblemError("field_not_supported", `/image ${detail}.`, { errors: [{ pointer: "/image", detail, value }] });
  }
  const [, base64 = image] = /^data:[^,]*;base64,(.*)$/is.exec(image) ?? [];
  const bytes = Math.floor((base64.length * 3) / 4);
  // Two characters of padding at most, so that a picture just at the limit is not refused by estimate.
  if (bytes - 2 > LIMITS.inlineBytes) throw imageTooLarge(LIMITS.inlineBytes, bytes);
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    const detail = "is neither a base64 data URL nor base64";
    throw invalid({ pointer: "/image", detail, value: `${image.length} UTF-16 code units` });
  }
}

function imageTooLarge(limit: number, value: number): ProblemError {
  const detail = `has ${value} bytes; at most ${limit} in this form`;
  return new ProblemError("body_too_large", `/image ${detail}.`, { errors: [{ pointer: "/image", detail, limit, value }] });
}

function parseFields(text: string, pointer: string): Record<string, unknown> {
  const parsed = parseJson(text);
  if (typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)) return parsed as Record<string, unknown>;
  throw invalid({ pointer, detail: "must be a JSON object" });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ProblemError("invalid_json", "The request is not valid JSON.");
  }
}

/** What is not JSON stays a string, so that the schema can say what the field should be. */
function parseOrKeep(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function invalid(error: FieldError): ProblemError {
  return new ProblemError("invalid_request", `${error.pointer || "The request"} ${error.detail}.`, { errors: [error] });
}
