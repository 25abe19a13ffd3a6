import * as z from "zod/mini";
import { LIMITS } from "../../schemas/limits.ts";
import { ProblemError } from "../../schemas/problem.ts";
import { readBounded } from "./bounded-body.ts";
import { refuseQuery } from "./check-query.ts";
import { decodeText } from "./decode-text.ts";
import { invalidRequest } from "./field-errors.ts";
import { pointerTo, refuse } from "./field-problem.ts";
import { parseHeader } from "./header-value.ts";
import { parseFields } from "./parse-json.ts";
import { refuseEncoded } from "./read-body.ts";

/**
 * The fields of a small JSON request. A request without a body has none.
 *
 * @param signal aborts when the request's time is over
 * @throws ProblemError that names every invalid field
 */
export async function readJsonFields<Schema extends z.ZodMiniType>(
  request: Request,
  schema: Schema,
  signal: AbortSignal,
): Promise<z.infer<Schema>> {
  refuseQuery(request.url);
  return check(await readJsonObject(request, signal, LIMITS.accountBodyBytes), schema);
}

/**
 * The object in a JSON request; an empty one without a body.
 *
 * @param signal aborts when the request's time is over
 * @param received is told of bytes as they arrive
 * @throws ProblemError when the body is no JSON object, too large, or too slow
 */
export async function readJsonObject(
  request: Request,
  signal: AbortSignal,
  maximumBytes: number,
  received?: (bytes: number) => void,
): Promise<Record<string, unknown>> {
  const type = parseHeader(request.headers.get("content-type") ?? "");
  refuseEncoded(request.headers.get("content-encoding"));
  const bytes = await readBounded(request, signal, maximumBytes, received);
  if (bytes.length === 0) return {};
  if (type.value !== "application/json") {
    const detail = "Content-Type must be application/json.";
    throw new ProblemError("unsupported_media_type", detail, {}, { "Accept-Post": "application/json" });
  }
  return parseFields(decodeText(bytes, type, "", "invalid_json"), "");
}

/**
 * The parameters of a request's query string.
 *
 * @throws ProblemError that names every invalid, unknown or repeated one
 */
export function readParameters<Schema extends z.ZodMiniType>(address: string, schema: Schema): z.infer<Schema> {
  const { searchParams } = new URL(address);
  const names = [...new Set(searchParams.keys())];
  const repeated = names.filter((name) => searchParams.getAll(name).length > 1);
  refuse(repeated.map((name) => ({ pointer: pointerTo(name), detail: "is given more than once" })));
  return check(Object.fromEntries(searchParams), schema);
}

function check<Schema extends z.ZodMiniType>(fields: Record<string, unknown>, schema: Schema): z.infer<Schema> {
  const parsed = z.safeParse(schema, fields);
  if (!parsed.success) throw invalidRequest(parsed.error.issues, fields, schema);
  return parsed.data;
}
