import { cutText } from "../../schemas/cut-text.ts";
import { ProblemError } from "../../schemas/problem.ts";
import { readBounded } from "./bounded-body.ts";
import { decodeText } from "./decode-text.ts";
import { parseHeader } from "./header-value.ts";
import { parseFields } from "./parse-json.ts";
import { type Body, readForm } from "./read-form.ts";

/**
 * The fields of a JSON or multipart request. Throws a `ProblemError` for any other or malformed body, and when the
 * signal aborts before the body is complete.
 */
export async function readBody(request: Request, signal: AbortSignal): Promise<Body> {
  const type = parseHeader(request.headers.get("content-type") ?? "");
  refuseEncoded(request.headers.get("content-encoding"));
  if (type.value === "application/json") {
    const text = decodeText(await readBounded(request, signal), type, "", "invalid_json");
    return { fields: parseFields(text, ""), image: null };
  }
  if (type.value === "multipart/form-data") return readForm(await readBounded(request, signal), type);
  const accepted = "application/json, multipart/form-data";
  throw new ProblemError(
    "unsupported_media_type",
    `Content-Type must be one of ${accepted}.`,
    {},
    { "Accept-Post": accepted },
  );
}

function refuseEncoded(header: string | null): void {
  const encoding = header?.trim().toLowerCase() ?? "";
  if (encoding === "" || encoding === "identity") return;
  const detail = `Content-Encoding ${cutText(encoding, 60)} is not supported: send the body without compression.`;
  throw new ProblemError("unsupported_media_type", detail, {}, { "Accept-Encoding": "identity" });
}
