import { ALWAYS, JSON_BODY, KEY, type Operation, SIGNED_JSON } from "./operation.ts";
import {
  CreateSourceRequest,
  IngestAnswer,
  NewSourceAnswer,
  RequestSettings,
  RotateSourceRequest,
  SourceFacts,
  SourcesAnswer,
  SourcesParameters,
} from "./sources.ts";

const SOURCE = { source: "The source's id, `src_…`." };
const OPERATOR = { tag: "operator", access: "operator" } as const;
const base = "/operator/sources";
const STORED = [...KEY, "not_found", "deadline_exceeded", ...ALWAYS] as const;

const MASTODON = {
  name: "our Mastodon server",
  account: "newsroom",
  signature: { scheme: "mastodon" },
  secret: "the-secret-that-Mastodon-shows",
  mapping: {
    where: { "/event": "status.created", "/object/visibility": "public" },
    text: "/object/content",
    html: true,
    pictures: [{ items: "/object/media_attachments/*", address: "/url", where: { "/type": "image" } }],
    id: "/object/id",
  },
  defaults: { task: "gmner" },
  reply: { url: "https://newsroom.example.org/entities" },
};
const { secret: _, ...described } = MASTODON;

const FACTS: SourceFacts = {
  id: "src_0123456789abcdef01234567",
  url: "https://namesight.example/hooks/ingest/src_0123456789abcdef01234567",
  ...described,
  signature: { scheme: "mastodon" },
  defaults: RequestSettings.parse(MASTODON.defaults),
  secrets: [{ created_at: "2026-11-26T12:00:00.000Z", expires_at: null }],
  created_at: "2026-11-26T12:00:00.000Z",
};
const NEW: NewSourceAnswer = {
  secret: null,
  reply_secret: "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
  ...FACTS,
};
const RECEIVED: IngestAnswer = {
  id: "115610000000000001",
  jobs: ["req_01JD0000000000000000000000"],
  duplicate: false,
  skipped: null,
};

/** The operations of incoming messages: the operator's on their sources, and the hook that takes them. */
export const SOURCE_OPERATIONS: readonly Operation[] = [
  {
    id: "createSource",
    method: "post",
    path: base,
    ...OPERATOR,
    summary: "Add a source of incoming messages",
    description:
      "Adds another system that may send messages: how it signs them, what of a message becomes a request, and where " +
      "the answer goes. The secrets that are made for it are shown this once.",
    request: {
      name: "CreateSourceRequest",
      schema: CreateSourceRequest,
      examples: { mastodon: MASTODON },
      form: false,
    },
    created: true,
    answer: { name: "NewSourceAnswer", schema: NewSourceAnswer, example: NEW },
    problems: [...JSON_BODY, ...STORED],
  },
  {
    id: "listSources",
    method: "get",
    path: base,
    ...OPERATOR,
    summary: "List the sources of incoming messages",
    description: "Returns a page of sources by their ids, without their secrets.",
    query: { name: "SourcesParameters", schema: SourcesParameters },
    answer: { name: "SourcesAnswer", schema: SourcesAnswer, example: { sources: [FACTS], next_cursor: null } },
    problems: ["invalid_request", ...STORED],
  },
  {
    id: "getSource",
    method: "get",
    path: `${base}/{source}`,
    ...OPERATOR,
    pathParameters: SOURCE,
    summary: "Get a source of incoming messages",
    description: "Returns a source without its secrets.",
    answer: { name: "SourceFacts", schema: SourceFacts, example: FACTS },
    problems: STORED,
  },
  {
    id: "deleteSource",
    method: "delete",
    path: `${base}/{source}`,
    ...OPERATOR,
    pathParameters: SOURCE,
    summary: "Remove a source of incoming messages",
    description:
      "Deletes a source with its secrets. Its messages are refused from then on, and its jobs that run go on. Repeating " +
      "it changes nothing.",
    problems: STORED,
  },
  {
    id: "rotateSource",
    method: "post",
    path: `${base}/{source}/rotate`,
    ...OPERATOR,
    pathParameters: SOURCE,
    summary: "Change a secret of a source",
    description:
      "Gives a source another secret. Messages that are signed with the old one are taken for `overlap_seconds` more.",
    request: {
      name: "RotateSourceRequest",
      schema: RotateSourceRequest,
      examples: { day: { overlap_seconds: 86400 } },
      form: false,
      optional: true,
    },
    created: true,
    answer: { name: "NewSourceAnswer", schema: NewSourceAnswer, example: NEW },
    problems: [...JSON_BODY, ...STORED],
  },
  {
    id: "ingest",
    method: "post",
    path: "/hooks/ingest/{source}",
    tag: "service",
    access: "signed",
    summary: "Receive a message of another system",
    description:
      "Takes a JSON message that a source has signed by its scheme, and begins a job for it, or one for each of its " +
      "pictures, before any model is asked. A message that comes again begins nothing and gets the same answer. One " +
      "that the source cannot map is accepted and skipped.",
    pathParameters: SOURCE,
    accepted: true,
    answer: { name: "IngestAnswer", schema: IngestAnswer, example: RECEIVED },
    problems: [
      ...SIGNED_JSON,
      "signature_invalid",
      "source_not_paid",
      "not_found",
      "rate_limited",
      "overloaded",
      "account_unavailable",
      "job_unavailable",
      "deadline_exceeded",
      ...ALWAYS,
    ],
  },
];
