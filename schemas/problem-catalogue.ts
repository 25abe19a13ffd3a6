/** One kind of problem. */
interface Kind {
  /** The HTTP status; 200 for a problem that never ends a request and is an entry of an answer's `problems`. */
  readonly status: number;
  /** The title of the problem document, without a full stop. */
  readonly title: string;
  /** When it happens. */
  readonly when: string;
  /** What the caller can do. */
  readonly remedy: string;
  /** An example of `detail`. */
  readonly example: string;
}

/**
 * Every problem that a caller can meet. Handlers throw its code, `src/middleware/problems.ts` renders the document, and
 * the pages under `/problems/` and docs/problems.md are generated from this table.
 */
export const PROBLEMS = {
  invalid_json: {
    status: 400,
    title: "The body is not valid JSON",
    when: "The body, or a form field that holds JSON, cannot be parsed or is not UTF-8.",
    remedy: "Send JSON (RFC 8259) in UTF-8. NaN and Infinity are not JSON.",
    example: "The request is not valid JSON.",
  },
  invalid_multipart: {
    status: 400,
    title: "The body is not valid multipart/form-data",
    when:
      "The boundary is missing or wrong, the body was cut off, a part has no name, or a text is not in UTF-8. `detail` " +
      "says which.",
    remedy: "Let your HTTP library write the body and the Content-Type with its boundary; send text in UTF-8.",
    example: "The body ends inside part 2: it was cut off.",
  },
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
    when: "The key is malformed, was never issued by this deployment, was revoked or has expired. `detail` says which.",
    remedy: "Check that the whole key was copied, or create another one.",
    example: "The key was revoked at 2026-11-26T12:00:00.000Z.",
  },
  payment_required: {
    status: 402,
    title: "The account's balance does not cover the request",
    when:
      "The most that the request may cost exceeds the balance. Nothing ran and nothing was charged. `payment` has that " +
      "amount, the balance, the operation's prices and how to pay.",
    remedy: "Top up the account, or ask for less: fewer `max_entities`, or a shorter `task`.",
    example: "The request may cost up to USD 0.1265, and the balance is USD 0.01.",
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
    when: "The key is valid and has not the scope that the operation needs.",
    remedy: "Use a key with the scope that `detail` names.",
    example: "This operation needs the scope admin; the key has recognize.",
  },
  link_invalid: {
    status: 403,
    title: "The link's signature is not valid",
    when: "A link to a mask, an overlay or a picture was changed, or this deployment did not sign it.",
    remedy: "Use links exactly as the answer gives them.",
    example: "The signature does not match this address.",
  },
  signature_invalid: {
    status: 403,
    title: "The message's signature is not valid",
    when: "A callback was signed with another secret, or its timestamp is more than five minutes from now.",
    remedy: "For the operator: check the secrets REPLICATE_WEBHOOK_SECRET and STRIPE_WEBHOOK_SECRET.",
    example: "The signature does not match this message, or its timestamp is too far from now.",
  },
  not_found: {
    status: 404,
    title: "There is nothing at this address",
    when: "No operation has this path, or the file is no longer stored.",
    remedy: "See /openapi.json for all operations.",
    example: "There is nothing at /v1/recognise.",
  },
  topups_not_available: {
    status: 404,
    title: "This deployment takes no top-ups",
    when: "Accounts cannot be topped up by card here: STRIPE_SECRET_KEY is not set.",
    remedy: 'Ask the operator for a credit. For the operator: docs/deploy.md, "Stripe".',
    example: "This deployment takes no payments by Stripe. Ask its operator for a credit.",
  },
  method_not_allowed: {
    status: 405,
    title: "This address does not support this method",
    when: "The path exists, but not with this method. The header Allow lists the methods that it has.",
    remedy: "Use a method that Allow lists.",
    example: "/v1/recognize takes POST.",
  },
  not_acceptable: {
    status: 406,
    title: "The answer is not available in a media type that the request accepts",
    when: "Accept lists no media type that the operation can return.",
    remedy: "Accept application/json. /v1/recognize also returns image/png and image/svg+xml.",
    example: "Accept allows none of application/json, image/png, image/svg+xml.",
  },
  body_too_slow: {
    status: 408,
    title: "The request's body did not arrive in time",
    when: "The body was not complete when the request's deadline passed.",
    remedy: "Send the body without pauses, or send the picture by its address.",
    example: "The body was not complete after 30000 ms.",
  },
  request_in_flight: {
    status: 409,
    title: "A request with this Idempotency-Key is still running",
    when: "The first request with the key has not ended. The header Retry-After says when to ask again.",
    remedy: "Send the same request again after the seconds in Retry-After: it gets the first one's answer.",
    example: "req_01KB2Q4V8N0000000000000000 has the same Idempotency-Key and is still running.",
  },
  answer_not_kept: {
    status: 409,
    title: "The request was answered before, and its answer was not kept",
    when:
      "The first request with this Idempotency-Key had `store: false`, or its answer was deleted. Nothing ran again and " +
      "nothing more was charged. `first_request_id` names it, and `charge` is what it cost.",
    remedy: "Send the post with another Idempotency-Key to have it answered, and charged, again.",
    example: "req_01KB2Q4V8N0000000000000000 was answered with this Idempotency-Key, and its answer was not kept.",
  },
  payment_reused: {
    status: 409,
    title: "The payment was used for another request",
    when:
      "The payment in PAYMENT-SIGNATURE, or another one with its payment identifier, came with a request that had another " +
      "body, picture or Accept. Nothing ran and nothing more was charged. `first_request_id` names the first one.",
    remedy: "Sign a new payment, with a new payment identifier, for each different request.",
    example: "req_01KB2Q4V8N0000000000000000 had this payment and another body, picture or Accept.",
  },
  account_exists: {
    status: 409,
    title: "The account exists already",
    when: "The operator creates an account with a name that is taken.",
    remedy: "Choose another name, or create a key for the account that exists.",
    example: "There is an account newsroom already.",
  },
  too_many_keys: {
    status: 409,
    title: "The account has as many keys as it may",
    when: "So many keys of the account are neither revoked nor expired.",
    remedy: "Revoke keys that nobody uses.",
    example: "The account has 100 keys that work, which is the limit.",
  },
  link_expired: {
    status: 410,
    title: "The link has expired",
    when: "The time in a link to a mask, an overlay or a picture is over.",
    remedy: "Send the post again: its answer has new links.",
    example: "The link worked until 2026-11-23T12:00:00.000Z.",
  },
  body_too_large: {
    status: 413,
    title: "The request is too large",
    when: "The body, or the picture in it, has more bytes than docs/limits.md allows for its form.",
    remedy: "Send the picture as a part of multipart/form-data or by its address, or shrink it.",
    example: "/image has 5242880 bytes; at most 4194304 in this form.",
  },
  uri_too_long: {
    status: 414,
    title: "The request's address is too long",
    when: "The address of the request, with its query string, has more characters than docs/limits.md allows.",
    remedy: "Use links exactly as the answer gives them, and send fields in the body.",
    example: "The address has 9000 characters; the limit is 8192.",
  },
  picture_type_not_supported: {
    status: 415,
    title: "The picture's type is not supported",
    when: "The bytes are not JPEG, PNG or WebP, whatever the file's name says.",
    remedy: "Convert the picture to JPEG, PNG or WebP.",
    example: "The picture looks like GIF; supported are JPEG, PNG and WebP.",
  },
  unsupported_media_type: {
    status: 415,
    title: "The request's content type or encoding is not supported",
    when:
      "Content-Type is neither application/json nor multipart/form-data, it declares a charset other than UTF-8 or " +
      "US-ASCII, or the body or a part of it is compressed or encoded.",
    remedy: "Send the body as one of these two types, with text in UTF-8 and without Content-Encoding.",
    example: "Content-Type must be one of application/json, multipart/form-data.",
  },
  range_not_satisfiable: {
    status: 416,
    title: "The range is outside the file",
    when: "Range begins after the end of a mask's PNG.",
    remedy: "Ask for a range within the length that Content-Range gives.",
    example: "The mask has 900 bytes; bytes=1000- holds none of them.",
  },
  invalid_request: {
    status: 422,
    title: "The request has an invalid field",
    when:
      "A field is missing, unknown, of the wrong type or outside its limit. `errors` names each with its limit " +
      "and value.",
    remedy: "Correct the fields that `errors` lists.",
    example: "/max_entities must be at most 100.",
  },
  field_not_supported: {
    status: 422,
    title: "The request has a value or a header that is not supported yet",
    when: "The value or the header is planned but not built yet.",
    remedy: "Leave it out.",
    example: "The header Authorization: Bearer nk_… is not supported yet.",
  },
  idempotency_key_reused: {
    status: 422,
    title: "The Idempotency-Key was used for another request",
    when: "The first request with the key had other fields, another picture or another Accept.",
    remedy: "Use a new Idempotency-Key for each different request.",
    example: "req_01KB2Q4V8N0000000000000000 had this Idempotency-Key and a different body.",
  },
  test_keys_not_available: {
    status: 422,
    title: "This deployment issues no test keys",
    when: "Test keys reach the embedded models only, and this deployment has none: ENDPOINT_LOCAL is not set.",
    remedy: "Use a live key, or run Namesight on your own machine. For the operator: docs/deploy.md.",
    example: "Test keys need the embedded models, and ENDPOINT_LOCAL is not set.",
  },
  over_budget: {
    status: 422,
    title: "The request's max_cost_usd does not allow a stage",
    when:
      "Each model of a stage may cost more than what is left of `max_cost_usd`, or has no known price, so none was " +
      "asked. `errors` has what a call may cost in `limit`, and `max_cost_usd` in `value`. This ends the request only " +
      "if nothing can be answered without the stage; otherwise it is an entry of the answer's `problems`.",
    remedy:
      "Raise `max_cost_usd`, or leave it out. For the operator: docs/prices.md lists the known prices, and MODEL_PRICES " +
      "adds to them.",
    example: "workers-ai/moondream3 was not asked: a call may cost USD 0.002, and USD 0.0005 of max_cost_usd are left.",
  },
  labels_not_covered: {
    status: 422,
    title: "No model supports the requested types",
    when:
      "No model of the mner stage can return the types in `labels`. If only some models cannot, they are " +
      "skipped, and this problem is an entry of the answer's `problems`.",
    remedy: 'Ask for "gmner", or configure a model that takes any types, such as a language model.',
    example: 'No model of this deployment gives the types of "fine".',
  },
  invalid_picture: {
    status: 422,
    title: "The picture cannot be decoded",
    when:
      "The picture has no readable header, is broken, has more segments or chunks than encoders write, or is in a " +
      "format variant that is not supported, such as a JPEG of 12 or 16 bits. When its header can be read but no model " +
      "can decode it, /v1/recognize still answers the text and lists this problem in `problems`.",
    remedy: "Save it again as JPEG, PNG or WebP with 8 bits a channel.",
    example: "The picture starts like image/jpeg but has no readable header; it may be cut off or damaged.",
  },
  picture_too_many_pixels: {
    status: 422,
    title: "The picture has too many pixels",
    when: "Width times height, read from the header, is more than 25 million, or a side is more than 65,535.",
    remedy: "Shrink the picture. Models get at most 2,048 pixels on its long side.",
    example: "The picture has 8000 × 4000 = 32000000 pixels; the limit is 25000000.",
  },
  picture_not_fetched: {
    status: 422,
    title: "The picture could not be fetched from its address",
    when:
      "The address is not https, is not public, holds a token or redirects too often, or the download broke a " +
      "limit.",
    remedy: "Check that the address opens without signing in, or upload the bytes.",
    example: "/image does not name a public host.",
  },
  overlay_not_drawable: {
    status: 422,
    title: "The overlay cannot be drawn as PNG, only as image/svg+xml",
    when:
      "The picture has to be converted before it is drawn on, because of its format or its size, and no model " +
      "of the picture stage answered.",
    remedy:
      "Send the post again with Accept: image/svg+xml, which embeds the picture as it is. For the operator: configure a " +
      "model of the picture stage.",
    example: "This picture has to be converted before it is drawn on, and no model of the picture stage answered.",
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
  misconfigured: {
    status: 500,
    title: "The service is not configured correctly",
    when: "A variable or a secret of the deployment is missing or wrong. Only /health answers.",
    remedy: "For the operator: `detail` says which.",
    example: "LINK_SIGNING_KEY is not set.",
  },
  internal: {
    status: 500,
    title: "An unexpected error occurred",
    when: "The service has a bug. The error is logged under the request's id.",
    remedy: "Try again. If it happens twice, report `request_id`.",
    example: "An unexpected error ended the request.",
  },
  stage_failed: {
    status: 502,
    title: "A model did not answer",
    when:
      "No model of a stage returned a usable answer. This ends the request only if nothing can be answered " +
      "without it; otherwise it is an entry of the answer's `problems`.",
    remedy: "Try again later. /health shows how the last calls ended.",
    example: "cog:local/grounding cannot be reached, or broke off its answer.",
  },
  payment_provider_failed: {
    status: 502,
    title: "The payment provider did not answer",
    when: "Stripe could not be reached, or did not answer as asked. Nothing was paid and no balance changed.",
    remedy: "Try again later. For the operator: the log line `stripe_failed` has Stripe's status and code.",
    example: "Stripe did not answer as asked. Nothing was paid.",
  },
  overloaded: {
    status: 503,
    title: "The service has no room for this request at the moment",
    when:
      "The models, or this instance's memory, are busy with other posts, so that this one could not be answered by its " +
      "deadline. No model was asked. The header Retry-After says when there will be room.",
    remedy: "Send the same request again after the seconds in Retry-After.",
    example: "The models are busy with other posts: there is room in about 12 s.",
  },
  account_unavailable: {
    status: 503,
    title: "The account cannot be reached at the moment",
    when: "The account's Durable Object did not answer. Nothing ran and nothing was charged.",
    remedy: "Send the same request again after the seconds in Retry-After.",
    example: "The account did not answer within 3000 ms.",
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
  payment_in_doubt: {
    status: 503,
    title: "It is not known whether the payment was settled",
    when:
      "The request was answered, and the facilitator did not say whether it settled the payment. The answer is kept: " +
      "the same payment gets it, without a second run and without a second charge.",
    remedy: "Send the same request with the same payment again after the seconds in Retry-After.",
    example: "The facilitator did not answer within 3000 ms. The answer is kept for this payment.",
  },
  deadline_exceeded: {
    status: 504,
    title: "The request ran out of time",
    when: "The deadline passed before the first stage answered, or a store did not answer in time.",
    remedy: "Try again: a model that was starting may be ready.",
    example: "cog:local/mner did not answer in time.",
  },
  script_not_covered: {
    status: 200,
    title: "The model was not trained on the text's script",
    when: "Most letters of the text are in a script that the mner model does not know, so it may find nothing.",
    remedy: "Send your own `entities`, or configure a model that knows the language.",
    example:
      "The model does not know the text's script. 40 of the text's 52 letters are not Latin, most of them " +
      "in the Cyrillic script: names in that script may be missed.",
  },
  entities_truncated: {
    status: 200,
    title: "The text has more entities than max_entities",
    when: "The answer has the first `max_entities` entities in text order.",
    remedy: "Raise `max_entities`.",
    example: "The text names 30 entities; the first 25 are answered.",
  },
  mask_refused: {
    status: 200,
    title: "A mask did not fit its box",
    when:
      "Less than 0.8 of the mask's area is inside its box, or the mask's bounds have IoU < 0.5 with it. The box " +
      "stays and the mask is null.",
    remedy: "Nothing: the segmentation model marked something else.",
    example: "The mask of e1-r1 was refused: outside_box.",
  },
  model_skipped: {
    status: 200,
    title: "A model was skipped, because its last calls failed",
    when:
      "Five calls of the model failed one after another, so the next model of the chain was asked at once. After a " +
      "second, and after up to half a minute while it goes on failing, one call tries it again.",
    remedy: "Nothing. For the operator: /health shows each model's breaker and how the last calls ended.",
    example: "workers-ai/moondream3 was skipped: its last 5 calls failed; it is tried again in 1 s.",
  },
  picture_cut_off: {
    status: 200,
    title: "The picture's file ends too early",
    when:
      "A JPEG has no marker EOI, a PNG has no chunk IEND, or a WebP has fewer bytes than its header says. Models saw " +
      "what came of it.",
    remedy: "Send the whole file.",
    example:
      "The picture is cut off: a JPEG ends with the marker EOI, and this one has none. Models saw what came of it.",
  },
  picture_not_turned: {
    status: 200,
    title: "The picture could not be turned upright, so models saw it as stored",
    when:
      "The picture's EXIF orientation is not 1, and no model of the picture stage answered. Boxes and masks in " +
      "the answer are upright all the same.",
    remedy: "Send the picture upright: models find less in one that lies on its side.",
    example:
      "No model turned the picture upright (EXIF orientation 6): models saw it as stored, and their boxes and masks " +
      "were turned.",
  },
} as const satisfies Record<string, Kind>;

export type ProblemCode = keyof typeof PROBLEMS;
