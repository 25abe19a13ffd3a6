import { expect, test } from "vitest";
import { endOf, failureOf, isAway, lastOf, noJson, PostFailed } from "../../../../eval/segment/failure.ts";
import { type ProblemCode, problemDocument } from "../../../../schemas/problem.ts";
import { Refused } from "../../../../scripts/batch/fault.ts";

const ORIGIN = "https://one.example";
const NOW = Date.UTC(2026, 10, 27, 12);
function failed(code: ProblemCode, headers: Record<string, string> = {}) {
  const problem = problemDocument(code, "Why.");
  return failureOf(Response.json(problem, { status: problem.status, headers }), ORIGIN, NOW);
}

test.each([
  ["3", 3_000],
  [" 3 ", 3_000],
  ["0", 0],
  ["Fri, 27 Nov 2026 12:00:05 GMT", 5_000],
  ["Fri, 27 Nov 2026 11:00:00 GMT", 0],
  ["-5", 0],
  ["soon", 0],
])("Retry-After: %s is %s ms", async (header, wait) => {
  expect((await failed("overloaded", { "retry-after": header })).retryAfterMs).toBe(wait);
});

test("the code is that of the problem document, and null without one", async () => {
  expect(await failed("rate_limited")).toMatchObject({ status: 429, code: "rate_limited", retryAfterMs: 0 });
  expect(await failureOf(new Response("[]", { status: 500 }), ORIGIN, NOW)).toMatchObject({ status: 500, code: null });
  expect(await failureOf(new Response("null", { status: 500 }), ORIGIN, NOW)).toMatchObject({ code: null });
  expect(await failureOf(new TypeError("fetch failed"), ORIGIN, NOW)).toMatchObject({ status: null, code: null });
});

test.each<[ProblemCode, boolean]>([
  ["rate_limited", true],
  ["quota_exceeded", true],
  ["overloaded", true],
  ["request_in_flight", true],
  ["answer_not_kept", false],
  ["internal", false],
  ["deadline_exceeded", false],
])("%s says nothing of the request: %s", async (code, away) => {
  expect(isAway(await failed(code))).toBe(away);
});

test("a connection that was not made says nothing of the request, one that broke may", async () => {
  const error = (cause: object) => Object.assign(new TypeError("fetch failed"), { cause });
  expect(isAway(await failureOf(error({ syscall: "connect", code: "ECONNREFUSED" }), ORIGIN, NOW))).toBe(true);
  expect(isAway(await failureOf(error({ syscall: "read", code: "ECONNRESET" }), ORIGIN, NOW))).toBe(false);
});

test.each<[ProblemCode, unknown]>([
  ["invalid_request", PostFailed],
  ["body_too_large", PostFailed],
  ["picture_type_not_supported", PostFailed],
  ["answer_not_kept", PostFailed],
  ["idempotency_key_reused", PostFailed],
  ["field_not_supported", Refused],
  ["test_keys_not_available", Refused],
  ["key_invalid", Refused],
  ["payment_required", Refused],
  ["scope_missing", Refused],
  ["method_not_allowed", Refused],
])("%s ends the request at once", async (code, kind) => {
  expect(endOf(await failed(code))).toBeInstanceOf(kind);
});

test("what may be another answer the next time does not end it", async () => {
  expect(endOf(await failed("internal"))).toBeNull();
  expect(endOf(await failed("overloaded"))).toBeNull();
  expect(endOf(noJson(200, "{"))).toBeNull();
});

test("the last error names the fault and the tries, or the option when it is another service", async () => {
  expect(lastOf(await failed("internal"), 4, ORIGIN).message).toBe(
    "answers with 500 (An unexpected error occurred: Why), 4 times",
  );
  expect(noJson(200, "häh").text).toBe("answers with 200 and 4 bytes that are no JSON");
  expect(lastOf(noJson(200, "häh"), 4, ORIGIN).message).toContain("check --endpoint");
});
