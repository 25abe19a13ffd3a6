import { createMiddleware } from "hono/factory";
import { BASE32 } from "../../schemas/encodings.ts";
import type { Charge } from "../../schemas/prices.ts";
import type { StageRecord } from "../../schemas/recognize.ts";
import type { Runtime } from "../runtime.ts";

/** Variables of a request. */
export type RequestVariables = {
  Variables: {
    /** Its id, set here. */
    requestId: string;
    /** Its stage records, set by an operation for the access log. */
    stages?: StageRecord[];
    /** What the answer was charged, set by a paid operation for the access log. */
    charge?: Charge;
    /** Set by an operation whose work goes on after the response has begun; settles when it ends. */
    working?: Promise<unknown>;
  };
};

/** Gives every request an id, `req_` and a ULID. It is sent in the header `X-Request-Id` and in problem documents. */
export const requestId = (clock: Runtime["clock"], randomBytes: Runtime["randomBytes"]) =>
  createMiddleware<RequestVariables>(async function requestId(context, next) {
    const id = `req_${ulid(clock(), randomBytes(10))}`;
    context.set("requestId", id);
    await next();
    context.res.headers.set("X-Request-Id", id);
  });

/**
 * A ULID of 26 characters (github.com/ulid/spec): 48 bits of Unix time in milliseconds, then 80 random bits, so that
 * ids sort by time.
 *
 * @param entropy 10 random bytes
 */
export function ulid(milliseconds: number, entropy: Uint8Array): string {
  let random = "";
  // 40 bits at a time: a number holds 53 exactly.
  for (const start of [0, 5]) {
    const bits = entropy.subarray(start, start + 5).reduce((number, byte) => number * 256 + byte, 0);
    random += base32(bits, 8);
  }
  return base32(Math.trunc(milliseconds), 10) + random;
}

/** The last digits of a whole number in base 32. */
function base32(number: number, digits: number): string {
  let text = "";
  for (let rest = number; text.length < digits; rest = Math.floor(rest / 32)) text = BASE32.charAt(rest % 32) + text;
  return text;
}
