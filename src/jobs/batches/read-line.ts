import * as z from "zod/mini";
import { LIMITS } from "../../../schemas/limits.ts";
import { priceOf } from "../../../schemas/prices.ts";
import { type FieldError, type Problem, ProblemError, problemDocument } from "../../../schemas/problem.ts";
import { RecognizeRequest } from "../../../schemas/recognize.ts";
import { askedEntities, mostUnits } from "../../../schemas/units.ts";
import { type Picture, readPicture } from "../../pipeline/picture/read-picture.ts";
import { invalidRequest } from "../../request/field-errors.ts";
import { fieldProblem, refuse } from "../../request/field-problem.ts";
import { parseFields } from "../../request/parse-json.ts";
import { imageTooLarge } from "../../request/read-image.ts";
import { postOf } from "../../request/read-post.ts";
import type { JobImage } from "../calls.ts";
import type { InvalidLine, ValidLine } from "./calls.ts";
import type { BatchBody } from "./read-batch.ts";

/** A line as it was read, and its picture where that is a file. */
export type ReadLine = InvalidLine | (ValidLine & { readonly picture: Picture | null });

/** Wrong fields that the problem of a line lists: a batch may have a thousand of them. */
const LISTED_ERRORS = 3;
/** A line's own name. */
const Named = z.object({ id: z.optional(z.string().check(z.minLength(1), z.maxLength(LIMITS.idLength))) });

/**
 * Reads and checks a line of a batch: the fields of `POST /v1/recognize`, and `id`. Its `image` is an https address, or
 * the name of a file of the form. Never throws a `ProblemError`: what is wrong is the line's own problem.
 *
 * @param line its place in the batch, from 1
 * @param deadlineMs of the post, where the line does not say
 */
export async function readLine(
  text: string,
  { line, deadlineMs }: { readonly line: number; readonly deadlineMs: number },
  files: BatchBody["files"],
): Promise<ReadLine> {
  let reference: string | null = null;
  try {
    const { id, ...fields } = parseLine(text, line);
    const named = z.safeParse(Named, { id });
    if (!named.success) throw invalidRequest(named.error.issues, { id }, Named);
    reference = named.data.id ?? null;
    return await readValid(fields, { reference, deadlineMs, files, bytes: text.length });
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return { reference, problem: problemOf(error) };
  }
}

interface LineFacts {
  readonly reference: string | null;
  readonly deadlineMs: number;
  readonly files: BatchBody["files"];
  readonly bytes: number;
}

async function readValid(
  sent: Record<string, unknown>,
  { reference, deadlineMs, files, bytes }: LineFacts,
): Promise<ReadLine> {
  if ("webhook" in sent) {
    refuse([{ pointer: "/webhook", detail: "is not a field of a line: a batch is told by its webhook_url" }]);
  }
  const parsed = z.safeParse(RecognizeRequest, sent);
  if (!parsed.success) throw invalidRequest(parsed.error.issues, sent, RecognizeRequest);
  const { image, webhook: _, ...fields } = parsed.data;
  // Its spans are checked against its text, as they are again when the job runs.
  postOf(parsed.data, null);
  const file = image === undefined || isAddress(image) ? null : fileOf(image, files);
  return {
    reference,
    fields: JSON.stringify(fields),
    image: imageOf(image, file),
    most: priceOf("recognize", mostUnits("recognize", parsed.data)),
    bodyBytes: bytes + (file?.length ?? 0),
    entities: askedEntities(parsed.data).entities,
    deadlineMs: fields.deadline_ms ?? deadlineMs,
    store: fields.store,
    picture: file && (await readPicture(file)),
  };
}

function parseLine(text: string, line: number): Record<string, unknown> {
  const limit = LIMITS.batchLineLength;
  const whole = `Line ${line} (empty lines do not count)`;
  if (text.length <= limit) return parseFields(text, "", whole);
  const detail = `has ${text.length} UTF-16 code units; a line has at most ${limit}. ${HOW}`;
  throw fieldProblem([{ pointer: "", detail, limit, value: text.length }], "invalid_request", 0, whole);
}

const HOW = "Send pictures by their https address, or as files of multipart/form-data";

function isAddress(image: string): boolean {
  return /^https:\/\//i.test(image);
}

function imageOf(image: string | undefined, file: Uint8Array | null): JobImage | null {
  if (image === undefined) return null;
  return file ? { kind: "stored" } : { kind: "address", url: image };
}

/** The file that a line names. Throws a `ProblemError` when there is none, or it is too large. */
function fileOf(image: string, files: BatchBody["files"]): Uint8Array {
  const file = files?.get(image);
  const value = `${image.length} UTF-16 code units`;
  if (!file) {
    const detail = files ? "is neither an https address nor the name of a part of this form" : "is no https address";
    throw fieldProblem([{ pointer: "/image", detail: `${detail}. ${HOW}`, limit: "https", value }]);
  }
  if (file.length > LIMITS.uploadBytes) throw imageTooLarge(LIMITS.uploadBytes, file.length);
  return file;
}

function problemOf({ code, message, fields }: ProblemError): Problem {
  const { errors, ...rest } = fields;
  const listed: FieldError[] | undefined = errors?.slice(0, LISTED_ERRORS);
  return problemDocument(code, message, { ...rest, ...(listed && { errors: listed }) });
}
