import { cutText } from "../../schemas/cut-text.ts";
import { LIMITS } from "../../schemas/limits.ts";
import { ProblemError } from "../../schemas/problem.ts";
import type { Claim } from "../resilience/memory-budget.ts";
import { declaredBytes, readBounded } from "./bounded-body.ts";
import { decodeText } from "./decode-text.ts";
import { parseHeader } from "./header-value.ts";
import { parseFields } from "./parse-json.ts";
import { type Body as FormBody, readForm } from "./read-form.ts";

/** A request's body: its fields, its picture when that is a part of a form, and how many bytes it had. */
export interface Body extends FormBody {
  readonly bytes: number;
}

/**
 * Bytes of memory that a byte of a body takes while it is read and its post is answered, garbage included: of JSON its
 * bytes, its text, its strings and the picture in them; of a form its bytes and the picture without metadata. Set by
 * hand with `npm run bench:memory`.
 */
const [JSON_FACTOR, FORM_FACTOR] = [6, 3];

/**
 * The fields of a JSON or multipart request. Throws a `ProblemError` for any other or malformed body, when the signal
 * aborts before the body is complete, and when there is no memory for it.
 */
export async function readBody(
  request: Request,
  signal: AbortSignal,
  claim?: Claim,
  maximumBytes: number = LIMITS.bodyBytes,
): Promise<Body> {
  // Memory is claimed as the bytes arrive: a connection that only announces them takes room from nobody.
  const read = (factor: number) => {
    claim?.expect(factor * Math.min(declaredBytes(request), maximumBytes));
    return readBounded(request, signal, maximumBytes, (bytes) => claim?.grow(factor * bytes));
  };
  const type = parseHeader(request.headers.get("content-type") ?? "");
  refuseEncoded(request.headers.get("content-encoding"));
  if (type.value === "application/json") {
    const body = await read(JSON_FACTOR);
    const text = decodeText(body, type, "", "invalid_json");
    // One such character makes each character of the text, and of the string that it is in, a byte larger.
    if (/[\u0100-\uffff]/.test(text)) claim?.grow(2 * text.length);
    return { fields: parseFields(text, ""), image: null, bytes: body.length };
  }
  if (type.value === "multipart/form-data") {
    const body = await read(FORM_FACTOR);
    return { ...readForm(body, type), bytes: body.length };
  }
  const accepted = "application/json, multipart/form-data";
  throw new ProblemError(
    "unsupported_media_type",
    `Content-Type must be one of ${accepted}.`,
    {},
    { "Accept-Post": accepted },
  );
}

/** Refuses a compressed body. */
export function refuseEncoded(header: string | null): void {
  const encoding = header?.trim().toLowerCase() ?? "";
  if (encoding === "" || encoding === "identity") return;
  const detail = `Content-Encoding ${cutText(encoding, 60)} is not supported: send the body without compression.`;
  throw new ProblemError("unsupported_media_type", detail, {}, { "Accept-Encoding": "identity" });
}
