import { LIMITS } from "../../schemas/limits.ts";
import { type FieldError, ProblemError } from "../../schemas/problem.ts";
import { RecognizeRequest } from "../../schemas/recognize.ts";
import type { Mention } from "../../schemas/stages/mner.ts";
import { type Offsets, offsetsOf } from "../pipeline/offsets.ts";
import { readPicture } from "../pipeline/read-picture.ts";
import type { Post } from "../pipeline/recognize.ts";
import { invalidRequest } from "./field-errors.ts";
import { decodeImage, readBody } from "./read-body.ts";

/** A request as the pipeline takes it. Throws a `ProblemError` that names every field that is wrong. */
export async function readPost(request: Request, id: string): Promise<Post> {
  const { fields, image } = await readBody(request);
  const parsed = RecognizeRequest.safeParse(fields);
  if (!parsed.success) throw invalidRequest(parsed.error.issues, fields);
  const { data } = parsed;
  const offsets = offsetsOf(data.text, data.offset_encoding);
  const mentions = data.entities ? readMentions(data.text, data.entities, offsets) : null;
  const bytes = data.image === undefined ? image : decodeImage(data.image);
  return { ...data, id, offsets, mentions, picture: bytes && (await readPicture(bytes)) };
}

function readMentions(text: string, entities: NonNullable<RecognizeRequest["entities"]>, offsets: Offsets): Mention[] {
  const errors: FieldError[] = [];
  const mentions = entities.map(({ start: from, end: to, type }, index): Mention => {
    const [start, end] = [offsets.toUtf16(from), offsets.toUtf16(to)];
    const pointer = `/entities/${index}`;
    if (start === null) errors.push(noPosition(`${pointer}/start`, from, offsets));
    if (end === null) errors.push(noPosition(`${pointer}/end`, to, offsets));
    const length = (end ?? 0) - (start ?? 0);
    if (start !== null && end !== null && length <= 0)
      errors.push({ pointer: `${pointer}/end`, detail: "must be greater than start", limit: from, value: to });
    if (length > LIMITS.nameLength) errors.push({ pointer, detail: "is too long for a name", limit: LIMITS.nameLength, value: length });
    return { text: text.slice(start ?? 0, end ?? 0), start: start ?? 0, end: end ?? 0, type, score: null };
  });
  if (errors.length === 0) return mentions;
  const detail = errors.map((error) => `${error.pointer} ${error.detail}`).join("; ");
  throw new ProblemError("invalid_request", `${detail}.`, { errors });
}

function noPosition(pointer: string, value: number, { length }: Offsets): FieldError {
  return value > length
    ? { pointer, detail: "lies outside the text", limit: length, value }
    : { pointer, detail: "lies inside a character", value };
}
