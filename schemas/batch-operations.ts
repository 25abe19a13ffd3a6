import { BatchAnswer, BatchParameters, BatchWait, ResultsParameters } from "./batches.ts";
import { ALWAYS, KEY, type Operation } from "./operation.ts";

const ID = { id: "The batch's id, `req_…`." };
const ADDRESS = "https://namesight.example/v1/batches/req_01KB2Q4V8N0000000000000000";
const RUNNING: BatchAnswer = {
  id: "req_01KB2Q4V8N0000000000000000",
  state: "running",
  posts: 1_000,
  counts: { waiting: 793, running: 5, succeeded: 200, failed: 1, canceled: 0, expired: 0, invalid: 1 },
  max_concurrent: 5,
  cost_usd: "1.302",
  created_at: "2026-11-26T12:00:00.000Z",
  ended_at: null,
  expires_at: null,
  links: { self: ADDRESS, results: `${ADDRESS}/results` },
  webhook: null,
};
const ANSWER = { name: "BatchAnswer", schema: BatchAnswer };
const BATCH = { tag: "batches", pathParameters: ID } as const;
const READING = [
  ...KEY,
  "test_keys_not_available",
  "not_found",
  "invalid_request",
  "job_unavailable",
  ...ALWAYS,
] as const;

/** The operations on batches: many posts in one request. */
export const BATCH_OPERATIONS: readonly Operation[] = [
  {
    id: "createBatch",
    method: "post",
    path: "/v1/batches",
    tag: "batches",
    access: "recognize",
    summary: "Recognize many posts in one request",
    description:
      "Takes up to 1,000 posts and answers at once. Each line is the JSON of a post as `POST /v1/recognize` takes it, " +
      "with an `id` of the caller's own where it has one, and becomes a job; a line that cannot be used is `invalid` and " +
      "fails no other. Its `image` is an https address or, in a form, the name of the part with the file. The whole body " +
      "has at most 11 MiB. Each post is admitted and charged by itself when its turn comes, and waits while the account " +
      "has no room. A repeat with the same `Idempotency-Key` gets the same batch.",
    bodies: {
      "application/x-ndjson": "JSON lines: one post a line. Empty lines do not count. Also as application/jsonl.",
      "multipart/form-data": "The part `posts` with JSON lines, and a part for each file, whose name the lines give.",
    },
    query: { name: "BatchParameters", schema: BatchParameters },
    accepted: true,
    answer: {
      ...ANSWER,
      example: {
        ...RUNNING,
        counts: { ...RUNNING.counts, waiting: 999, running: 0, succeeded: 0, failed: 0 },
        cost_usd: "0",
      },
    },
    problems: [
      ...KEY,
      "scope_missing",
      "test_keys_not_available",
      "invalid_json",
      "invalid_multipart",
      "body_too_slow",
      "body_too_large",
      "unsupported_media_type",
      "invalid_request",
      "idempotency_key_reused",
      "request_in_flight",
      "overloaded",
      "job_unavailable",
      ...ALWAYS,
    ],
  },
  {
    id: "getBatch",
    method: "get",
    path: "/v1/batches/{id}",
    ...BATCH,
    access: "any key",
    summary: "Get how far a batch is",
    description:
      "Returns how many of its posts are in each state, and what they cost so far. `wait` waits for its end.",
    query: { name: "BatchWait", schema: BatchWait },
    answer: { ...ANSWER, example: RUNNING },
    problems: READING,
  },
  {
    id: "cancelBatch",
    method: "delete",
    path: "/v1/batches/{id}",
    ...BATCH,
    access: "any key",
    summary: "Cancel what has not ended of a batch",
    description:
      "Cancels the posts that have not started, and the jobs of those that run. What has ended stays. Repeating it " +
      "changes nothing.",
    answer: {
      ...ANSWER,
      example: { ...RUNNING, state: "canceled", counts: { ...RUNNING.counts, waiting: 0, canceled: 793 } },
    },
    problems: READING,
  },
  {
    id: "getBatchResults",
    method: "get",
    path: "/v1/batches/{id}/results",
    ...BATCH,
    access: "any key",
    summary: "Get the results of a batch, also while it runs",
    description:
      "Returns a line of JSON for each post that has ended, in the order in which they ended, which is not that of the " +
      "lines. `after` goes on behind a result that was read. With `wait`, what ends next is sent as soon as it has; " +
      "without it, only what is there.",
    query: { name: "ResultsParameters", schema: ResultsParameters },
    files: { "application/x-ndjson": "A `BatchResult` a line." },
    lines: "BatchResult",
    problems: [...READING, "result_gone", "not_acceptable"],
  },
];
