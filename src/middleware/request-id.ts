import { createMiddleware } from "hono/factory";
import type { StageRecord } from "../../schemas/recognize.ts";
import type { Runtime } from "../runtime.ts";

/** What the middleware leaves for those after it, and an operation for the log. */
export type RequestVariables = { Variables: { requestId: string; stages?: StageRecord[] } };

/**
 * Name every request: `req_` and a ULID, in the header `X-Request-Id` of its answer and in whatever problem it ends
 * with.
 */
export const requestId = (clock: Runtime["clock"], randomBytes: Runtime["randomBytes"]) =>
  createMiddleware<RequestVariables>(async function requestId(context, next) {
    const id = `req_${ulid(clock(), randomBytes(10))}`;
    context.set("requestId", id);
    await next();
    context.res.headers.set("X-Request-Id", id);
  });

/** Crockford's base 32, as ULID uses it. */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** 26 characters: 48 bits of milliseconds, then 80 random bits (github.com/ulid/spec), so that ids sort by time. */
export function ulid(milliseconds: number, entropy: Uint8Array): string {
  const low = entropy.reduce((bits, byte) => (bits << 8n) | BigInt(byte), 0n);
  const bits = (BigInt(Math.trunc(milliseconds)) << 80n) | low;
  return Array.from({ length: 26 }, (_, index) => ALPHABET[Number((bits >> BigInt(5 * (25 - index))) & 31n)]).join("");
}
