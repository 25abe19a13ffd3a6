import { LIMITS } from "../../../schemas/limits.ts";
import { RecognizeRequest } from "../../../schemas/recognize.ts";
import type { Mapping, PictureSource, Reply, SourceFacts, Where } from "../../../schemas/sources.ts";
import { htmlToText } from "./html-to-text.ts";
import { resolveScheme } from "./scheme-presets.ts";
import { valuesAt } from "./values-at.ts";

/** What decides what a message becomes. */
export type MessageSource = Pick<SourceFacts, "signature" | "mapping" | "defaults" | "reply">;

/** A message that was verified. */
export interface Message {
  /** Its JSON. */
  readonly body: unknown;
  /** SHA-256 of its bytes, in hexadecimal. */
  readonly digest: string;
  /** The value of a header; null without one. */
  readonly header: (name: string) => string | null;
}

/** What a message becomes. */
export interface MappedMessage {
  /** The sender's id, by which its jobs are called. */
  readonly id: string;
  /** What makes it another message than those before it: two with the same are one. */
  readonly identity: readonly string[];
  /** The fields of its request, as their schema parsed them, without a picture. */
  readonly fields: RecognizeRequest;
  /** Addresses of its pictures. */
  readonly pictures: readonly string[];
  /** Where the ends of its jobs are told; null for nowhere. */
  readonly replyTo: string | null;
}

/** Why a message becomes nothing: the end of the sentence "The message …". It has nothing of what the message says. */
export interface SkippedMessage {
  readonly skipped: string;
}

class Skipped extends Error {}

/**
 * What a message becomes by the mapping of its source. It never fails: a message that cannot be mapped is skipped,
 * because its sender would send it again and again if it were refused.
 *
 * @param whyNotAllowed why nothing may be sent to an address; null when it may
 */
export function mapMessage(
  message: Message,
  { signature, mapping, defaults, reply }: MessageSource,
  whyNotAllowed: (url: string) => string | null,
): MappedMessage | SkippedMessage {
  try {
    const { body } = message;
    for (const [pointer, wanted] of Object.entries(mapping.where ?? {})) {
      if (!valuesAt(body, pointer).includes(wanted)) throw new Skipped(`has another value at ${pointer}`);
    }
    return {
      ...readId(message, mapping, signature),
      fields: readFields(readText(body, mapping), defaults),
      pictures: readPictures(body, mapping.pictures),
      replyTo: readReply(body, reply, whyNotAllowed),
    };
  } catch (error) {
    if (error instanceof Skipped) return { skipped: error.message };
    throw error;
  }
}

/** Whether a message becomes nothing. */
export function isSkipped(mapped: MappedMessage | SkippedMessage): mapped is SkippedMessage {
  return "skipped" in mapped;
}

function readText(body: unknown, { text, html }: Mapping): string {
  const parts = [text].flat().flatMap((pointer) => stringsAt(body, pointer));
  const texts = parts.map((part) => (html ? htmlToText(part) : part)).filter((part) => part.trim() !== "");
  const joined = texts.join("\n\n");
  if (joined === "") throw new Skipped("has no text where the mapping looks for it");
  if (joined.length <= LIMITS.textLength) return joined;
  throw new Skipped(`has a text of ${joined.length} UTF-16 code units, more than ${LIMITS.textLength}`);
}

function readFields(text: string, defaults: MessageSource["defaults"]): RecognizeRequest {
  const { data, error } = RecognizeRequest.safeParse({ ...defaults, text });
  if (data) return data;
  const [issue] = error.issues;
  throw new Skipped(`becomes no valid request: ${issue?.path.join(".")}: ${issue?.message}`);
}

function readPictures(body: unknown, sources: readonly PictureSource[]): string[] {
  const found = sources.flatMap((source) => {
    if (typeof source === "string") return stringsAt(body, source);
    const items = valuesAt(body, source.items).filter((item) => matches(item, source.where ?? {}));
    return items.flatMap((item) => stringsAt(item, source.address, source.items));
  });
  const pictures = [...new Set(found.filter((address) => address.trim() !== ""))];
  if (pictures.length > LIMITS.messagePictures) {
    throw new Skipped(`has ${pictures.length} pictures, more than ${LIMITS.messagePictures}`);
  }
  const long = pictures.find((address) => address.length > LIMITS.addressLength);
  if (long) throw new Skipped(`has the address of a picture with more than ${LIMITS.addressLength} characters`);
  return pictures;
}

function matches(item: unknown, where: Where): boolean {
  return Object.entries(where).every(([pointer, wanted]) => valuesAt(item, pointer).includes(wanted));
}

/** The sender's id in the message, else in a header, else the digest of the message. */
function readId(
  { body, digest, header }: Message,
  { id = [], id_header }: Mapping,
  signature: MessageSource["signature"],
): Pick<MappedMessage, "id" | "identity"> {
  const values = [id].flat().map((pointer) => valuesAt(body, pointer).map((value) => idPart(value, pointer)));
  if (values.length > 0 && values.every((parts) => parts.some((part) => part !== ""))) {
    const parts = values.flat();
    return checkLength({ id: parts.join("/"), identity: ["id", ...parts] });
  }
  const { idHeader, trustedHeader } = resolveScheme(signature);
  const name = id_header ?? idHeader;
  const sent = (name === null ? null : header(name))?.trim() ?? "";
  // A header that is not signed could be changed by whoever recorded the message, to have it run again.
  const isTrusted = trustedHeader === "any" || trustedHeader === name?.toLowerCase();
  const identity = sent !== "" && isTrusted ? ["header", sent] : ["body", digest];
  return checkLength({ id: sent === "" ? digest : sent, identity });
}

function idPart(value: unknown, pointer: string): string {
  if (value === null) return "";
  // Larger numbers are rounded when they are read: two ids would become one.
  if (typeof value === "number" && Number.isSafeInteger(value)) return String(value);
  if (typeof value === "string") return value.trim();
  throw new Skipped(`has an id at ${pointer} that is neither a string nor a whole number below 2^53`);
}

function checkLength(found: Pick<MappedMessage, "id" | "identity">): Pick<MappedMessage, "id" | "identity"> {
  if (found.id.length <= LIMITS.messageIdLength) return found;
  throw new Skipped(`has an id of more than ${LIMITS.messageIdLength} UTF-16 code units`);
}

function readReply(body: unknown, reply: Reply | null, whyNotAllowed: (url: string) => string | null): string | null {
  if (!reply) return null;
  if ("url" in reply) return reply.url;
  const [url, ...more] = stringsAt(body, reply.pointer);
  if (url === undefined || url === "") return null;
  if (more.length > 0) throw new Skipped(`has several reply addresses at ${reply.pointer}`);
  const reason = url.length > LIMITS.webhookUrlLength ? "is too long" : whyNotAllowed(url);
  if (reason === null) return url;
  throw new Skipped(`could never be answered: the reply address at ${reply.pointer} ${reason}`);
}

/** The strings at a pointer. What is null or is not there is left out. */
function stringsAt(value: unknown, pointer: string, base = ""): string[] {
  return valuesAt(value, pointer).flatMap((found) => {
    if (found === null) return [];
    // A pointer may also name an array itself.
    const items = Array.isArray(found) ? found : [found];
    return items.flatMap((item) => {
      if (item === null) return [];
      if (typeof item === "string") return [item];
      throw new Skipped(`has a value at ${base}${pointer} that is no string`);
    });
  });
}
