/**
 * One kind of problem: its HTTP status and title (RFC 9457), when it happens, what to do, and a `detail` as an example.
 */
interface Kind {
  readonly status: number;
  readonly title: string;
  readonly when: string;
  readonly remedy: string;
  readonly example: string;
}

/**
 * Every problem that a caller can meet. Handlers throw codes; one place renders them; the pages under `/problems/` and
 * in docs/problems.md are generated from this table. Those with status 200 never end a request: they stand in an
 * answer's `problems`.
 */
export const PROBLEMS = {
  invalid_json: {
    status: 400,
    title: "The body is not valid JSON",
    when: "The body, or a field of a form that holds JSON, cannot be parsed, or is not UTF-8.",
    remedy: "Send JSON (RFC 8259) in UTF-8. NaN and Infinity are no JSON.",
    example: "The request is not valid JSON.",
  },
  invalid_multipart: {
    status: 400,
    title: "The body is not valid multipart/form-data",
    when: "The parts cannot be told apart: the boundary is missing or wrong, or the body was cut off.",
    remedy: "Let your HTTP library write the Content-Type with its boundary.",
    example: "The parts cannot be told apart: check the boundary and that the body is whole.",
  },
  link_invalid: {
    status: 403,
    title: "The link's signature is not valid",
    when: "A link to a mask or a picture was changed, or never signed by this deployment.",
    remedy: "Use links as they stand in an answer.",
    example: "The signature does not belong to this address.",
  },
  signature_invalid: {
    status: 403,
    title: "The message's signature is not valid",
    when: "A callback was not signed with the secret that we share with its sender, or more than five minutes before or after now.",
    remedy: "For the operator: the secret is REPLICATE_WEBHOOK_SECRET.",
    example: "The signature does not belong to this message, or its time is not now.",
  },
  not_found: {
    status: 404,
    title: "There is nothing at this address",
    when: "No operation has this path, or what it named is no longer kept.",
    remedy: "See /openapi.json for what there is.",
    example: "There is nothing at /v1/recognise.",
  },
  method_not_allowed: {
    status: 405,
    title: "This address does not take this method",
    when: "The path is known and the method is not one of its own; the header Allow names those.",
    remedy: "Use a method that Allow names.",
    example: "/v1/recognize takes POST.",
  },
  not_acceptable: {
    status: 406,
    title: "The answer cannot be given in a form that the request accepts",
    when: "Accept names no media type that the operation can give.",
    remedy: "Accept application/json; /v1/recognize also gives image/svg+xml and image/png.",
    example: "Accept takes none of application/json, image/svg+xml, image/png.",
  },
  link_expired: {
    status: 410,
    title: "The link has expired",
    when: "A link to a mask or a picture is older than it says it may be.",
    remedy: "Send the post again; its answer has new links.",
    example: "The link worked until 2026-11-23T12:00:00.000Z.",
  },
  body_too_large: {
    status: 413,
    title: "The request is too large",
    when: "The body, or the picture in it, has more bytes than docs/limits.md allows for its form.",
    remedy: "Send the picture as a part of multipart/form-data, or by its address; shrink it.",
    example: "/image has 5242880 bytes; at most 4194304 in this form.",
  },
  picture_type_not_supported: {
    status: 415,
    title: "The picture is of a type that is not supported",
    when: "The bytes are neither JPEG nor PNG nor WebP, whatever their name says.",
    remedy: "Convert the picture to JPEG, PNG or WebP.",
    example: "The picture looks like GIF; JPEG, PNG and WebP are taken.",
  },
  unsupported_media_type: {
    status: 415,
    title: "The request has a content type that is not supported",
    when: "Content-Type is neither application/json nor multipart/form-data.",
    remedy: "Say which of the two the body is.",
    example: "Content-Type must be one of application/json, multipart/form-data.",
  },
  range_not_satisfiable: {
    status: 416,
    title: "The range lies outside the file",
    when: "Range begins behind the end of a mask's PNG.",
    remedy: "Content-Range says how long the file is.",
    example: "The mask has 900 bytes; bytes=1000- holds none of them.",
  },
  invalid_request: {
    status: 422,
    title: "The request has a field that cannot be used",
    when: "A field is missing, unknown, of the wrong type or outside its limit; `errors` names each with its limit and its value.",
    remedy: "Mend the fields that `errors` points to.",
    example: "/max_entities must be at most 100.",
  },
  field_not_supported: {
    status: 422,
    title: "The request has a field or a value that this version does not support",
    when: "The field, value or header is part of the design and not built yet.",
    remedy: "Leave it out.",
    example: "/deadline_ms is not supported yet.",
  },
  labels_not_covered: {
    status: 422,
    title: "No model gives the types that the request asks for",
    when: "No model of the mner stage knows the types in `labels`. Where only some do, the others are skipped, and this stands in `problems`.",
    remedy: 'Ask for "gmner", or configure a model that takes any types (a language model does).',
    example: 'No model of this deployment gives the types of "fine".',
  },
  invalid_picture: {
    status: 422,
    title: "The picture cannot be read",
    when: "The picture is cut off, broken, or of a kind that no decoder here takes (a JPEG of 12 or 16 bits, for example).",
    remedy: "Save it again as JPEG, PNG or WebP with 8 bits a channel.",
    example: "The picture begins like image/jpeg but has no readable header; it may be cut off.",
  },
  picture_too_many_pixels: {
    status: 422,
    title: "The picture has too many pixels",
    when: "Width times height, read from the header, is more than 25 million.",
    remedy: "Shrink the picture; models see at most 2,048 pixels of its long side anyway.",
    example: "The picture has 8000 × 4000 = 32000000 pixels; at most 25000000 are taken.",
  },
  picture_not_fetched: {
    status: 422,
    title: "The picture's address cannot be used",
    when: "The address is not https, not public, carries a token, redirects too often, or did not give a picture within the limits.",
    remedy: "Check that anybody can open it without signing in, or upload the bytes.",
    example: "/image is an address of a private network.",
  },
  overlay_not_drawable: {
    status: 422,
    title: "The overlay cannot be drawn as PNG; ask for image/svg+xml",
    when: "The picture is of a kind, or of a size, that must be converted before it is drawn on, and no model of the picture stage answered.",
    remedy: "Ask for image/svg+xml, which carries the picture as it is.",
    example: "No model is there to convert this picture into one that can be drawn on.",
  },
  misconfigured: {
    status: 500,
    title: "The service is not configured correctly",
    when: "A variable or a secret of the deployment is missing or wrong; nothing but /health answers.",
    remedy: "For the operator: the detail says which.",
    example: "LINK_SIGNING_KEY is not set.",
  },
  internal: {
    status: 500,
    title: "Something went wrong on our side",
    when: "An error that nobody foresaw. It is in the log under the request's id.",
    remedy: "Try again; report `request_id` when it happens twice.",
    example: "An unexpected error ended the request.",
  },
  stage_failed: {
    status: 502,
    title: "A model did not answer",
    when: "No model of a stage gave a usable answer. It ends a request when there is nothing to answer without it, and stands in `problems` otherwise.",
    remedy: "Try again a little later; /health shows how the models' last calls ended.",
    example: "cog:local/grounding cannot be reached, or broke off its answer.",
  },
  deadline_exceeded: {
    status: 504,
    title: "The request ran out of time",
    when: "The deadline came before the first stage had answered.",
    remedy: "Try again: a model that was starting may be up by now.",
    example: "cog:local/mner did not answer in time.",
  },
  script_not_covered: {
    status: 200,
    title: "The text is in a script that the model was not trained on",
    when: "Most letters of the text are of a script that the mner model does not know, so it may find nothing.",
    remedy: "Bring your own `entities`, or configure a model that knows the language.",
    example: "The text is mostly Cyrillic; this model was trained on Latin script.",
  },
  entities_truncated: {
    status: 200,
    title: "The text has more entities than max_entities",
    when: "The first `max_entities` in text order are answered, the rest left out.",
    remedy: "Raise `max_entities`.",
    example: "The text names 30 entities; the first 25 are answered.",
  },
  mask_refused: {
    status: 200,
    title: "A mask did not fit its box",
    when: "Less than 0.8 of a mask lies in its box, or its own bounds have IoU < 0.5 with it. The box stays, the mask is null.",
    remedy: "Nothing to mend: the segmenter meant something else.",
    example: "The mask of r1 was refused: outside_box.",
  },
  picture_not_turned: {
    status: 200,
    title: "The picture could not be turned upright; models saw it as stored",
    when: "The picture's EXIF orientation is not 1 and no model of the picture stage answered. Boxes and masks are turned back all the same.",
    remedy: "Expect models to see less in a picture that lies on its side; send it upright.",
    example: "The picture has orientation 6 and was shown as it is stored.",
  },
} as const satisfies Record<string, Kind>;

export type ProblemCode = keyof typeof PROBLEMS;
