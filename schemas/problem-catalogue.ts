import { ACCOUNT_PROBLEMS } from "./account-problems.ts";
import { JOB_PROBLEMS } from "./job-problems.ts";
import type { Kind } from "./problem-kind.ts";

/** The problems of posts, of files, and of the service. */
const POST_PROBLEMS = {
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
    remedy:
      "For the operator: check the secrets REPLICATE_WEBHOOK_SECRET and STRIPE_WEBHOOK_SECRET; run " +
      "`npm run bots -- setup telegram` again after a new TELEGRAM_TOKEN.",
    example: "The signature does not match this message, or its timestamp is too far from now.",
  },
  interaction_signature_invalid: {
    status: 401,
    title: "The interaction's signature is not valid",
    when:
      "A delivery of Discord or of Slack was not signed with the application's key or secret, or is more than five " +
      "minutes away from now.",
    remedy:
      "For the operator: check DISCORD_PUBLIC_KEY with `npm run bots -- check discord`, or SLACK_SIGNING_SECRET with " +
      "`npm run bots -- check slack`.",
    example: "The signature does not match this message, or its timestamp is too far from now.",
  },
  origin_not_allowed: {
    status: 403,
    title: "Web pages of this origin may not use the MCP tools",
    when: "The request to /mcp comes from a web page elsewhere, and nobody needs a key (ACCESS=open).",
    remedy: "Use an MCP client that is no web page, or set PUBLIC_URL to the origin of the page.",
    example: "The origin https://attacker.example may not use /mcp here.",
  },
  not_found: {
    status: 404,
    title: "There is nothing at this address",
    when: "No operation has this path, or the file is no longer stored.",
    remedy: "See /openapi.json for all operations.",
    example: "There is nothing at /v1/recognise.",
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
    when: "The body was not complete when the request's deadline passed, or when its connection broke.",
    remedy: "Send the body without pauses, or send the picture by its address.",
    example: "The body was not complete after 30000 ms.",
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
  overloaded: {
    status: 503,
    title: "The service has no room for this request at the moment",
    when:
      "The models, or this instance's memory, are busy with other posts, so that this one could not be answered by its " +
      "deadline. No model was asked. The header Retry-After says when there will be room.",
    remedy: "Send the same request again after the seconds in Retry-After.",
    example: "The models are busy with other posts: there is room in about 12 s.",
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

/**
 * Every problem that a caller can meet. Handlers throw its code, `src/middleware/problems.ts` renders the document, and
 * the pages under `/problems/` and docs/problems.md are generated from this table.
 */
export const PROBLEMS = { ...POST_PROBLEMS, ...ACCOUNT_PROBLEMS, ...JOB_PROBLEMS };

export type ProblemCode = keyof typeof PROBLEMS;
