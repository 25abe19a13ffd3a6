import type { Kind } from "./problem-kind.ts";

/** The problems of keys, money and limits. */
export const ACCOUNT_PROBLEMS = {
  key_missing: {
    status: 401,
    title: "The request has no key",
    when: "The operation needs a key, and the request has no header Authorization, or one of another form.",
    remedy: "Send the header Authorization: Bearer nk_live_…, with a key of your account.",
    example: "Send a key in the header Authorization: Bearer nk_….",
  },
  key_invalid: {
    status: 401,
    title: "The key is not valid",
    when: "The key is malformed or unknown to this deployment, was revoked or has expired. `detail` says which.",
    remedy: "Check that the whole key was copied, or create another one.",
    example: "The key was revoked at 2026-11-26T12:00:00.000Z.",
  },
  payment_required: {
    status: 402,
    title: "The account's balance does not cover the request",
    when:
      "The most that the request may cost exceeds the balance. Nothing ran and nothing was charged. `payment` has that " +
      "amount, the balance, the operation's prices and how to pay.",
    remedy: "Top up the account, or ask for less: a smaller `max_entities`, or a `task` without masks.",
    example: "The request may cost up to USD 0.1265, and the balance is USD 0.01. Ask the operator for a credit.",
  },
  payment_invalid: {
    status: 402,
    title: "The payment cannot be accepted",
    when:
      "The payment in PAYMENT-SIGNATURE cannot be read, is for another amount, asset, network or receiver, or the " +
      "facilitator refused it. Nothing was charged. The header PAYMENT-REQUIRED has what would be accepted.",
    remedy: "Sign a payment of the terms in PAYMENT-REQUIRED and send the request again.",
    example: "The facilitator refused the payment: insufficient_funds.",
  },
  scope_missing: {
    status: 403,
    title: "The key may not do this",
    when: "The key is valid and does not have the scope that the operation needs.",
    remedy: "Use a key with the scope that `detail` names.",
    example: "This operation needs the scope admin; the key has recognize.",
  },
  source_not_paid: {
    status: 403,
    title: "Nobody pays for the messages of this source",
    when:
      "The source was added without an account while the deployment had none (ACCESS=open), and it has accounts now; or " +
      "the source's account was deleted. The message was verified, and nothing ran.",
    remedy: "For the operator: remove the source, and add it again with an account that exists (docs/hooks/README.md).",
    example: "src_0123456789abcdef01234567 has no account: remove it, and add it again with an account that pays.",
  },
  topups_not_available: {
    status: 404,
    title: "This deployment takes no top-ups",
    when: "Accounts cannot be topped up by card here: STRIPE_SECRET_KEY is not set.",
    remedy: 'Ask the operator for a credit. For the operator: docs/deploy.md, "Stripe".',
    example: "This deployment takes no payments by Stripe. Ask its operator for a credit.",
  },
  request_in_flight: {
    status: 409,
    title: "The request is still running",
    when:
      "The first request with this Idempotency-Key has not ended, or a request that is to be deleted has not. " +
      "The header Retry-After says when to ask again.",
    remedy: "Send the same request again after the seconds in Retry-After: a repeat gets the first one's answer.",
    example: "req_01KB2Q4V8N0000000000000000 has the same Idempotency-Key and is still running.",
  },
  answer_not_kept: {
    status: 409,
    title: "The request was answered before, and its answer was not kept",
    when:
      "The first request with this Idempotency-Key had `store: false`, or its answer was deleted. Nothing ran again and " +
      "nothing more was charged. `first_request_id` names it, and `charge` is what it cost.",
    remedy: "Send the post with another Idempotency-Key to have it answered, and charged, again.",
    example: "req_01KB2Q4V8N0000000000000000 was answered, and its answer was not kept.",
  },
  reference_used: {
    status: 409,
    title: "The reference was credited with another amount",
    when: "The operator credits an account under a reference that it was credited under before, with another amount.",
    remedy: "Use a reference of its own for each credit; the same reference and amount count once.",
    example: "The reference was credited before, with USD 10. Nothing was credited now.",
  },
  account_exists: {
    status: 409,
    title: "The account exists already",
    when: "The operator creates an account with a name that is taken.",
    remedy: "Choose another name, or create a key for the account that exists.",
    example: "There is an account newsroom already.",
  },
  idempotency_key_reused: {
    status: 422,
    title: "The Idempotency-Key was used for another request",
    when:
      "The first request with the key had other fields, another picture or another Accept; or a job answers one of the " +
      "two (`Prefer`), and not the other.",
    remedy: "Use a new Idempotency-Key for each different request, and repeat a request with the same Prefer.",
    example: "req_01KB2Q4V8N0000000000000000 had this Idempotency-Key and another body, picture, Accept or Prefer.",
  },
  test_keys_not_available: {
    status: 422,
    title: "This deployment issues no test keys",
    when: "Test keys reach the embedded models only, and this deployment has none: ENDPOINT_LOCAL is not set.",
    remedy: "Use a live key, or run Namesight on your own machine. For the operator: docs/deploy.md.",
    example: "Test keys need the embedded models, and ENDPOINT_LOCAL is not set.",
  },
  rate_limited: {
    status: 429,
    title: "Too many requests",
    when: "The key, or the address where there is no key, sent more requests than anybody may. No account was asked.",
    remedy: "Wait for the seconds in Retry-After, and send requests at a steady rate.",
    example: "The rate limit was reached (429): try again in 10 s.",
  },
  quota_exceeded: {
    status: 429,
    title: "The account's quota is used up",
    when: "The account sent as many paid requests in this minute or on this day as its plan allows.",
    remedy: "Wait for the seconds in Retry-After, or ask for a larger plan.",
    example: "The plan standard allows 600 requests a minute.",
  },
  too_many_at_once: {
    status: 429,
    title: "Too many requests of the account run at the same time",
    when: "As many requests of the account run as its plan allows.",
    remedy: "Send fewer requests at the same time, and this one again after the seconds in Retry-After.",
    example: "The plan standard allows 25 requests at the same time.",
  },
  account_unavailable: {
    status: 503,
    title: "The account cannot be reached at the moment",
    when: "The account's Durable Object did not answer. Nothing ran and nothing was charged.",
    remedy: "Send the same request again after the seconds in Retry-After.",
    example: "The account did not answer within 3000 ms.",
  },
  payment_in_doubt: {
    status: 503,
    title: "It is not known whether the payment was settled",
    when:
      "The request was answered, and the facilitator did not say whether it settled the payment. The answer is kept: " +
      "the same payment gets it, without a second run and without a second charge.",
    remedy: "Send the same request with the same payment again after the seconds in Retry-After.",
    example: "The facilitator did not answer within 3000 ms. The answer is kept for this payment.",
  },
  payment_reused: {
    status: 409,
    title: "The payment was used for another request",
    when:
      "The payment in PAYMENT-SIGNATURE, or its payment identifier, was used for a request with another body, picture or " +
      "Accept. Nothing ran and nothing more was charged. `first_request_id` names that request.",
    remedy: "Sign a new payment, with a new payment identifier, for each different request.",
    example: "req_01KB2Q4V8N0000000000000000 had this payment and another body, picture or Accept.",
  },
  too_many_keys: {
    status: 409,
    title: "The account has as many keys as it may",
    when: "So many keys of the account are neither revoked nor expired.",
    remedy: "Revoke keys that nobody uses.",
    example: "The account has 100 keys that work, which is the limit.",
  },
  payment_provider_failed: {
    status: 502,
    title: "The payment provider did not answer",
    when: "Stripe could not be reached, or did not answer as asked. Nothing was paid and no balance changed.",
    remedy: "Try again later. For the operator: the log line `stripe_failed` has Stripe's status and code.",
    example: "Stripe did not answer as asked. Nothing was paid.",
  },
  facilitator_unavailable: {
    status: 503,
    title: "Payments cannot be checked at the moment",
    when:
      "The request has no key, and the facilitator, which verifies payments without an account, did not answer or does " +
      "not settle on the network. Nothing ran and nothing was charged.",
    remedy:
      "Send the same request again after the seconds in Retry-After, or send a key. For the operator: see the logs.",
    example: "The facilitator did not answer: the payment cannot be verified.",
  },
} as const satisfies Record<string, Kind>;
