import { LIMITS } from "../../schemas/limits.ts";
import type { Access } from "../../schemas/operation.ts";
import type { ProblemCode } from "../../schemas/problem.ts";
import type { Json } from "./components.ts";

/** How a request proves who asks: the keys of accounts, and the operator's token. */
export const SECURITY_SCHEMES: Json = {
  key: { type: "http", scheme: "bearer", bearerFormat: "nk_live_…", description: "A key of an account." },
  operator: { type: "http", scheme: "bearer", description: "The operator's token, OPERATOR_TOKEN." },
};

/** What an operation asks for, as OpenAPI's `security`. A paid operation is free where `ACCESS` is open. */
export function securityOf(access: Access): Json[] {
  switch (access) {
    case "free":
    case "link":
    case "signed":
      return [];
    case "link or key":
      return [{}, { key: [] }];
    case "recognize":
    case "stages":
      return [{ key: [access] }, {}];
    case "admin":
      return [{ key: [access] }];
    case "any key":
      return [{ key: [] }];
    case "operator":
      return [{ operator: [] }];
  }
}

/** The same in words, as the end of an operation's description. */
export function accessInWords(access: Access): string {
  switch (access) {
    case "recognize":
    case "stages":
      return ` Needs a key with the scope \`${access}\`, where the deployment asks for keys (\`ACCESS=keys\`).`;
    case "admin":
      return " Needs a key with the scope `admin`.";
    case "any key":
      return " Any key of the account may do this.";
    case "operator":
      return " Needs the operator's token.";
    case "link or key":
      return " A key of the account opens it too.";
    default:
      return "";
  }
}

/** Whether an operation costs something. */
export function isPaid(access: Access): boolean {
  return access === "recognize" || access === "stages";
}

const text = (description: string): Json => ({ description, schema: { type: "string" } });

/** The headers of responses, which responses refer to by their names here. */
export const HEADERS: Readonly<Record<string, Json>> = {
  "Idempotent-Replayed": text("`true` when this is the answer to an earlier request with the same `Idempotency-Key`."),
  Link: text('The next page, with `rel="next"` (RFC 8288). The last page has none.'),
  Location: text("The address of the job."),
  "PAYMENT-REQUIRED": text("What has to be paid, without a key: base64 of JSON (x402 version 2, PaymentRequired)."),
  "PAYMENT-RESPONSE": text("What was settled of a payment: base64 of JSON (x402 version 2, SettlementResponse)."),
  "Preference-Applied": text("What of `Prefer` was done (RFC 7240): `respond-async`, `wait=10`, or both."),
  RateLimit: text("What is left of each quota of the account (draft-ietf-httpapi-ratelimit-headers-11)."),
  "RateLimit-Policy": text("The quotas of the account's plan."),
  "Retry-After": {
    description: "Seconds until it makes sense to ask again.",
    schema: { type: "integer", minimum: 1 },
  },
  "WWW-Authenticate": text("How to authenticate (RFC 6750, section 3)."),
  "Webhook-Disabled": text("Ids of webhook endpoints that were disabled because they failed. See /v1/webhooks."),
  "X-Charge-Usd": text("What the answer cost, in US dollars. A stream has none, and neither has a repeated answer."),
  "X-First-Request-Id": text("With `Idempotent-Replayed`: the id of that request."),
  "X-Request-Id": text("The id of the request: `req_` and a ULID."),
};

/** References to headers by their names. */
const headers = (...names: string[]): Json =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));

/** Headers of an answer, which may be one page of several. */
export function answerHeaders(access: Access, isPage = false): Json {
  const paid = [
    "RateLimit",
    "RateLimit-Policy",
    "Webhook-Disabled",
    "Idempotent-Replayed",
    "X-First-Request-Id",
    "X-Charge-Usd",
  ];
  return headers("X-Request-Id", ...(isPage ? ["Link"] : []), ...(isPaid(access) ? [...paid, "PAYMENT-RESPONSE"] : []));
}

/** The request header that pays for a paid operation without a key. */
export const PAYMENT_SIGNATURE: Json = {
  name: "PAYMENT-SIGNATURE",
  in: "header",
  required: false,
  schema: { type: "string", maxLength: LIMITS.paymentLength },
  description:
    "In place of a key, where the deployment accepts x402: a signed payment of the terms in PAYMENT-REQUIRED, base64 of " +
    "JSON (x402 version 2, PaymentPayload). The same payment with the same request gets the same answer.",
};

/** Headers of the response that begins a job. */
export function jobHeaders(access: Access): Json {
  return { ...answerHeaders(access), ...headers("Location", "Retry-After", "Preference-Applied") };
}

/** The request header that has a job answer. */
export const PREFER: Json = {
  name: "Prefer",
  in: "header",
  required: false,
  schema: { type: "string" },
  description:
    "`respond-async` has a job answer: 202 with `Location`. `wait=10` waits up to 10 s for it (RFC 7240). See docs/jobs.md.",
};

/** The request header of every paid operation that makes it repeatable. */
export const IDEMPOTENCY_KEY: Json = {
  name: "Idempotency-Key",
  in: "header",
  required: false,
  schema: { type: "string", minLength: 1, maxLength: 255 },
  description:
    "Repeats with the same value and the same request get the same answer for 24 hours, and are charged once.",
};

const REPEATABLE: readonly ProblemCode[] = [
  "overloaded",
  "rate_limited",
  "quota_exceeded",
  "too_many_at_once",
  "request_in_flight",
  "account_unavailable",
  "payment_in_doubt",
  "facilitator_unavailable",
];
const CHALLENGED: readonly ProblemCode[] = ["key_missing", "key_invalid", "scope_missing"];
const TERMS: readonly ProblemCode[] = ["payment_required", "payment_invalid"];
const LIMITED: readonly ProblemCode[] = ["quota_exceeded", "too_many_at_once"];

/** Headers that responses with one of these problems may have. */
export function problemHeaders(codes: readonly ProblemCode[]): Json {
  const has = (some: readonly ProblemCode[]) => codes.some((code) => some.includes(code));
  return headers(
    "X-Request-Id",
    ...(has(REPEATABLE) ? ["Retry-After"] : []),
    ...(has(CHALLENGED) ? ["WWW-Authenticate"] : []),
    ...(has(TERMS) ? ["PAYMENT-REQUIRED", "PAYMENT-RESPONSE"] : []),
    ...(has(LIMITED) ? ["RateLimit", "RateLimit-Policy"] : []),
  );
}
