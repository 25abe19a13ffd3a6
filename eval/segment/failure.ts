import { byteLength } from "../../schemas/encodings.ts";
import { type Fault, faultOf, notNamesight } from "../../scripts/batch/fault.ts";
import { parse } from "../../scripts/batch/parse.ts";

/** This request has no answer, and others may have one. The message is for people. */
export class PostFailed extends Error {}
/** The deployment could not be asked for as long as it is tried. The message is for people. */
export class GivenUp extends Error {}

/** Why a request has no answer. */
export interface Failure extends Fault {
  /** Null where no response came. */
  readonly status: number | null;
  /** The code of the problem document; null without one. */
  readonly code: string | null;
  /** How long the response asks to wait. */
  readonly retryAfterMs: number;
}

/** There is no room at the moment, whatever the request. */
const AWAY = new Set([429, 503]);
/** Refusals of one request: of its picture or its boxes. */
const OF_THE_POST = new Set([400, 413, 415, 422]);
/** Refusals with such a status that would meet every request. */
const OF_ALL = new Set(["field_not_supported", "test_keys_not_available"]);

/** The failure of a request without a response, or of a response that is no success. */
export async function failureOf(response: Response | Error, origin: string, now: number): Promise<Failure> {
  if (response instanceof Error) {
    return { ...(await faultOf(response, origin)), status: null, code: null, retryAfterMs: 0 };
  }
  const copy = response.clone();
  const problem = parse(await copy.text().catch(() => "")) as { code?: unknown } | null | undefined;
  const code = typeof problem?.code === "string" ? problem.code : null;
  const retryAfterMs = waitOf(response.headers.get("retry-after"), now);
  return { ...(await faultOf(response, origin)), status: response.status, code, retryAfterMs };
}

/** The failure of a success whose body is no JSON: half of one, or that of another service. */
export function noJson(status: number, body: string): Failure {
  const text = `answers with ${status} and ${byteLength(body)} bytes that are no JSON`;
  return { text, isWithoutEffect: false, refused: null, status, code: null, retryAfterMs: 0 };
}

/** The wait of a header Retry-After in milliseconds (RFC 9110, section 10.2.3): seconds or a date; 0 without one. */
function waitOf(header: string | null, now: number): number {
  if (header === null) return 0;
  const wait = /^\d+$/.test(header.trim()) ? 1000 * Number(header) : Date.parse(header) - now;
  return wait > 0 ? wait : 0;
}

/** Whether the deployment has no room, or is not there: that says nothing of the request. */
export function isAway({ status, code, isWithoutEffect }: Failure): boolean {
  return status === null ? isWithoutEffect : AWAY.has(status) || code === "request_in_flight";
}

/**
 * The error that ends a request at once; null where it may be tried again. It is a PostFailed when the request itself
 * is refused, and a Refused when every request would be.
 */
export function endOf({ status, code, text, refused }: Failure): Error | null {
  if (code === "answer_not_kept") return new PostFailed(text);
  if (!refused) return null;
  const isOfThePost = code !== null && status !== null && OF_THE_POST.has(status) && !OF_ALL.has(code);
  return isOfThePost ? new PostFailed(`refused with ${status} (${refused.message.replace(/\.$/, "")})`) : refused;
}

/** The error of a request that was tried often enough. Who answers without JSON each time is another service. */
export function lastOf({ status, text }: Failure, tries: number, origin: string): Error {
  return status !== null && status < 300 ? notNamesight(status, origin) : new PostFailed(`${text}, ${tries} times`);
}
