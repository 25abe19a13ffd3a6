import { ACCOUNT_OPERATIONS } from "./account-operations.ts";
import { BATCH_OPERATIONS } from "./batch-operations.ts";
import { BOT_OPERATIONS } from "./bot-operations.ts";
import { ANSWERS, HEALTH, REQUESTS } from "./examples.ts";
import { HealthAnswer } from "./health.ts";
import { JOB_OPERATIONS } from "./job-operations.ts";
import { LIST_TOOLS, McpMessage, McpResponse, mcpError } from "./mcp.ts";
import { ALWAYS, JSON_BODY, KEY, type Operation } from "./operation.ts";
import { OPERATOR_OPERATIONS } from "./operator-operations.ts";
import type { ProblemCode } from "./problem.ts";
import { RecognizeAnswer, RecognizeRequest } from "./recognize.ts";
import { SOURCE_OPERATIONS } from "./source-operations.ts";
import {
  EntailAnswer,
  EntailRequest,
  ExpandAnswer,
  ExpandRequest,
  GroundAnswer,
  GroundRequest,
  MnerAnswer,
  MnerRequest,
  SegmentAnswer,
  SegmentRequest,
} from "./stage-routes.ts";
import { STREAM_EVENT_SCHEMAS } from "./stream.ts";
import { WEBHOOK_OPERATIONS } from "./webhook-operations.ts";

const BODY: readonly ProblemCode[] = [
  "invalid_json",
  "invalid_multipart",
  "not_acceptable",
  "body_too_slow",
  "body_too_large",
  "unsupported_media_type",
  "invalid_request",
  "field_not_supported",
  ...ALWAYS,
];
const PICTURE: readonly ProblemCode[] = [
  "picture_type_not_supported",
  "invalid_picture",
  "picture_too_many_pixels",
  "picture_not_fetched",
];
const MODEL: readonly ProblemCode[] = ["over_budget", "stage_failed", "overloaded", "deadline_exceeded"];
/** Problems of asking for a key, and of paying. */
const PAID: readonly ProblemCode[] = [
  ...KEY,
  "scope_missing",
  "test_keys_not_available",
  "payment_required",
  "payment_invalid",
  "payment_in_doubt",
  "payment_reused",
  "facilitator_unavailable",
  "request_in_flight",
  "answer_not_kept",
  "idempotency_key_reused",
  "quota_exceeded",
  "too_many_at_once",
];
/** Problems of opening a file by a key of its account. */
const FILE_BY_KEY: readonly ProblemCode[] = ["key_invalid", "rate_limited", "account_unavailable"];
const SIGNED: Pick<Operation, "queryParameters"> = {
  queryParameters: {
    expires: "When the link expires, in Unix seconds.",
    signature: "The deployment's signature of the path and of `expires`.",
  },
};

const RECOGNITION: readonly Operation[] = [
  {
    id: "recognize",
    method: "post",
    path: "/v1/recognize",
    tag: "recognition",
    access: "recognize",
    summary: "Find the entities of a post in its text and its picture",
    description:
      "Returns the named entities of a post: their types, whether the picture shows them, their boxes and their " +
      "masks. With `Accept: image/png` or `image/svg+xml`, returns the result drawn on the picture; `image/*` gives PNG. " +
      "With `Accept: text/event-stream`, sends each finding as soon as it is there, and then the whole answer.",
    request: { name: "RecognizeRequest", schema: RecognizeRequest, examples: REQUESTS.recognize },
    answer: { name: "RecognizeAnswer", schema: RecognizeAnswer, example: ANSWERS.recognize },
    events: STREAM_EVENT_SCHEMAS,
    files: {
      "image/svg+xml": "The overlay as SVG.",
      "image/png": "The overlay as PNG, its long side at most 1,600 pixels.",
      "text/event-stream":
        "Server-sent events, whose schemas `x-stream-events` names: `mention`, `expression`, `visibility`, `region`, " +
        "`mask` and `problem` as soon as they are known, and `end` with the answer. Each has an id and JSON data. From the " +
        "first finding on, a comment comes every 15 s. A request that fails before its first finding has the status of its problem.",
    },
    problems: [...BODY, ...PAID, ...PICTURE, "labels_not_covered", "overlay_not_drawable", ...MODEL],
  },
  {
    id: "mner",
    method: "post",
    path: "/v1/mner",
    tag: "stages",
    access: "stages",
    summary: "Find the mentions in a text",
    description:
      "Multimodal named entity recognition: returns the names in a text with their types. Models that can use the " +
      "picture; the others read the text alone.",
    request: { name: "MnerRequest", schema: MnerRequest, examples: REQUESTS.mner },
    answer: { name: "MnerAnswer", schema: MnerAnswer, example: ANSWERS.mner },
    problems: [...BODY, ...PAID, ...PICTURE, "labels_not_covered", ...MODEL],
  },
  {
    id: "expand",
    method: "post",
    path: "/v1/expand",
    tag: "stages",
    access: "stages",
    summary: "Write a referring expression for each entity",
    description:
      "Entity expansion: returns one referring expression for each entity of a post, which tells a grounding model " +
      "what to find in the picture.",
    request: { name: "ExpandRequest", schema: ExpandRequest, examples: REQUESTS.expand },
    answer: { name: "ExpandAnswer", schema: ExpandAnswer, example: ANSWERS.expand },
    problems: [...BODY, ...PAID, ...MODEL],
  },
  {
    id: "entail",
    method: "post",
    path: "/v1/entail",
    tag: "stages",
    access: "stages",
    summary: "Decide which entities a picture shows",
    description: "Visual entailment: returns for each entity or expression whether the picture shows it.",
    request: { name: "EntailRequest", schema: EntailRequest, examples: REQUESTS.entail },
    answer: { name: "EntailAnswer", schema: EntailAnswer, example: ANSWERS.entail },
    problems: [...BODY, ...PAID, ...PICTURE, ...MODEL],
  },
  {
    id: "ground",
    method: "post",
    path: "/v1/ground",
    tag: "stages",
    access: "stages",
    summary: "Find the boxes of each entity",
    description:
      "Visual grounding: returns every candidate box that the model has for each entity or expression. Needs no text.",
    request: { name: "GroundRequest", schema: GroundRequest, examples: REQUESTS.ground },
    answer: { name: "GroundAnswer", schema: GroundAnswer, example: ANSWERS.ground },
    problems: [...BODY, ...PAID, ...PICTURE, ...MODEL],
  },
  {
    id: "segment",
    method: "post",
    path: "/v1/segment",
    tag: "stages",
    access: "stages",
    summary: "Make a mask for each box",
    description:
      "Box-prompted segmentation. The boxes may come from any model, so this operation adds masks to the answer of " +
      "any GMNER model.",
    request: { name: "SegmentRequest", schema: SegmentRequest, examples: REQUESTS.segment },
    answer: { name: "SegmentAnswer", schema: SegmentAnswer, example: ANSWERS.segment },
    problems: [...BODY, ...PAID, ...PICTURE, ...MODEL],
  },
];

const FILES_AND_SERVICE: readonly Operation[] = [
  {
    id: "getMask",
    method: "get",
    path: "/v1/masks/{account}/{file}",
    tag: "files",
    access: "link or key",
    summary: "Get a mask as PNG",
    description:
      "Returns a mask at the size of its picture, as a PNG with one channel and one bit per pixel; white pixels are " +
      "set. Use the `mask_url` of an answer. Supports Range and If-None-Match.",
    pathParameters: { account: "The account that owns the mask.", file: "SHA-256 of the mask, and `.png`." },
    ...SIGNED,
    files: { "image/png": "The mask." },
    ranges: true,
    problems: [
      ...FILE_BY_KEY,
      "link_invalid",
      "link_expired",
      "not_found",
      "range_not_satisfiable",
      "deadline_exceeded",
      ...ALWAYS,
    ],
  },
  {
    id: "getOverlay",
    method: "get",
    path: "/v1/overlays/{account}/{file}",
    tag: "files",
    access: "link or key",
    summary: "Get an answer drawn on its picture, as PNG",
    description:
      "Returns the picture of a post with its entities drawn on it. Use the `overlay_url` of an answer. The overlay " +
      "is drawn when it is first fetched.",
    pathParameters: { account: "The account that owns the overlay.", file: "The overlay's name." },
    ...SIGNED,
    files: { "image/png": "The overlay, its long side at most 1,600 pixels." },
    problems: [
      ...FILE_BY_KEY,
      "link_invalid",
      "link_expired",
      "not_found",
      "overlay_not_drawable",
      ...MODEL,
      ...ALWAYS,
    ],
  },
  {
    id: "getPicture",
    method: "get",
    path: "/v1/pictures/{id}",
    tag: "files",
    access: "link",
    summary: "Get the picture of a running request",
    description:
      "Returns the picture of a post, without its metadata, to the models that got its link. It is deleted when the " +
      "request ends. Not for callers.",
    pathParameters: { id: "The picture's random name." },
    ...SIGNED,
    files: { "image/jpeg": "The picture as JPEG.", "image/png": "As PNG.", "image/webp": "As WebP." },
    problems: ["link_invalid", "link_expired", "not_found", "deadline_exceeded", ...ALWAYS],
  },
  {
    id: "mcp",
    method: "post",
    path: "/mcp",
    tag: "service",
    access: "free",
    summary: "Use the tools of a language model by MCP",
    description:
      "Takes a message of the Model Context Protocol (Streamable HTTP, without sessions). The list of tools is free; a " +
      "call of a tool needs what its operation needs, and is charged like it. With notifications of progress, the " +
      "response is a stream of server-sent events. See docs/mcp.md.",
    request: { name: "McpMessage", schema: McpMessage, examples: { tools: LIST_TOOLS }, form: false },
    answer: { name: "McpResponse", schema: McpResponse, example: { jsonrpc: "2.0", id: 1, result: { tools: [] } } },
    files: { "text/event-stream": "The same as the data of an event, behind notifications of progress." },
    protocolStatuses: {
      202: { description: "A notification was taken." },
      400: {
        description: "The body is no message of JSON-RPC 2.0, or the protocol does not allow it.",
        example: mcpError(-32600, "Invalid Request"),
      },
      404: { description: "The server does not have this method.", example: mcpError(-32601, "Method not found") },
      406: {
        description: "The caller does not accept both JSON and a stream of events.",
        example: mcpError(-32000, "Not Acceptable"),
      },
    },
    problems: [...JSON_BODY, "key_invalid", "origin_not_allowed", "overloaded", ...ALWAYS],
  },
  {
    id: "replicateHook",
    method: "post",
    path: "/hooks/replicate/{attempt}",
    tag: "service",
    access: "signed",
    summary: "Receive a finished prediction from Replicate",
    description:
      "Takes a prediction that Replicate has signed by the Standard Webhooks specification. Not for callers.",
    pathParameters: { attempt: "The random name of the attempt that waits for the prediction." },
    headers: {
      "webhook-id": "The message's id (Standard Webhooks 1.0).",
      "webhook-timestamp": "When the message was sent, in Unix seconds (Standard Webhooks 1.0).",
      "webhook-signature": "The message's signatures (Standard Webhooks 1.0).",
    },
    problems: ["body_too_slow", "body_too_large", "signature_invalid", "not_found", "deadline_exceeded", ...ALWAYS],
  },
  {
    id: "falHook",
    method: "post",
    path: "/hooks/fal/{attempt}",
    tag: "service",
    access: "signed",
    summary: "Receive the end of a queued request from fal",
    description: "Takes a result that fal has signed with one of its published Ed25519 keys. Not for callers.",
    pathParameters: { attempt: "The random name of the attempt that waits for the result." },
    headers: {
      "x-fal-webhook-request-id": "The request's id.",
      "x-fal-webhook-user-id": "The id of the account at fal.",
      "x-fal-webhook-timestamp": "When the message was sent, in Unix seconds.",
      "x-fal-webhook-signature": "The signature, 64 bytes in hexadecimal.",
    },
    problems: ["body_too_slow", "body_too_large", "signature_invalid", "not_found", "deadline_exceeded", ...ALWAYS],
  },
  {
    id: "stripeHook",
    method: "post",
    path: "/hooks/stripe",
    tag: "service",
    access: "signed",
    summary: "Receive what happened to a payment from Stripe",
    description: "Takes an event that Stripe has signed, and books its money once. Not for callers.",
    headers: { "stripe-signature": "When the event was sent, and its signatures." },
    problems: [
      "body_too_slow",
      "body_too_large",
      "invalid_request",
      "signature_invalid",
      "not_found",
      "account_unavailable",
      "payment_provider_failed",
      "deadline_exceeded",
      ...ALWAYS,
    ],
  },
  ...BOT_OPERATIONS,
  {
    id: "health",
    method: "get",
    path: "/health",
    tag: "service",
    access: "free",
    summary: "Get the state of each stage's models",
    description: "Returns each stage's models and how their last calls ended. Calls no model.",
    answer: { name: "HealthAnswer", schema: HealthAnswer, example: HEALTH },
    problems: ["uri_too_long", "internal"],
  },
  {
    id: "getProblem",
    method: "get",
    path: "/problems/{code}",
    tag: "service",
    access: "free",
    summary: "Get the explanation of a problem",
    description: "Returns the page to which the `type` of a problem document points.",
    pathParameters: { code: "The problem's code." },
    files: { "text/markdown": "The page." },
    problems: ["not_found", ...ALWAYS],
  },
];

/** Every operation, in the order of the documentation. */
export const OPERATIONS: readonly Operation[] = [
  ...RECOGNITION,
  ...JOB_OPERATIONS,
  ...BATCH_OPERATIONS,
  ...FILES_AND_SERVICE.filter(({ tag }) => tag === "files"),
  ...ACCOUNT_OPERATIONS,
  ...WEBHOOK_OPERATIONS,
  ...OPERATOR_OPERATIONS,
  ...SOURCE_OPERATIONS,
  ...FILES_AND_SERVICE.filter(({ tag }) => tag === "service"),
];
