import type * as z from "zod/mini";
import type { Scope } from "./accounts.ts";
import type { ProblemCode } from "./problem.ts";

/** Parameters of an operation that every request has: their names and descriptions. */
type Parameters = Readonly<Record<string, string>>;

/**
 * What a request needs, where the deployment has accounts (`ACCESS=keys`):
 * - `free`: nothing;
 * - `link`: a link that the deployment signed;
 * - `link or key`: such a link, or any key of the account that owns the file;
 * - `signed`: the signature of the vendor that calls back;
 * - `any key`: a key, whatever its scopes; or a key with the named scope, where it is one;
 * - `operator`: the operator's token.
 */
export type Access = "free" | "link" | "link or key" | "signed" | "any key" | Scope | "operator";

/** Pages of the service that are no operations: `/openapi.json` does not describe them, and anybody may read them. */
export const PAGES: readonly string[] = [
  "/",
  "/docs",
  "/llms.txt",
  "/openapi.json",
  "/mcp/server-card",
  "/.well-known/mcp/server-card.json",
];

/** One operation of the API, as the OpenAPI document describes it. */
export interface Operation {
  readonly id: string;
  readonly method: "get" | "post" | "put" | "delete";
  readonly path: string;
  readonly tag:
    | "recognition"
    | "stages"
    | "jobs"
    | "batches"
    | "files"
    | "accounts"
    | "webhooks"
    | "operator"
    | "service";
  readonly access: Access;
  readonly summary: string;
  readonly description: string;
  readonly request?: {
    readonly name: string;
    readonly schema: z.ZodMiniType;
    readonly examples: Readonly<Record<string, unknown>>;
    /** Whether the body may also be a form. */
    readonly form?: false;
    /** Whether a request may have no body. */
    readonly optional?: true;
  };
  /** Media types of a body that is no JSON, each with its description. */
  readonly bodies?: Readonly<Record<string, string>>;
  /** Optional parameters of the query, by their schema. */
  readonly query?: { readonly name: string; readonly schema: z.ZodMiniType };
  /** The status of the answer: 201 when something was created, 202 when work goes on; else 200, or 204 without one. */
  readonly created?: true;
  readonly accepted?: true;
  readonly answer?: { readonly name: string; readonly schema: z.ZodMiniType; readonly example: unknown };
  /** Other statuses of a protocol with errors of its own. One with an example has a body by the answer's schema. */
  readonly protocolStatuses?: Readonly<Record<number, { readonly description: string; readonly example?: unknown }>>;
  /** The names of the schemas of a stream's events, by the events' names. */
  readonly events?: Readonly<Record<string, string>>;
  /** Media types of answers that are not JSON, each with its description. */
  readonly files?: Readonly<Record<string, string>>;
  /** The name of the schema of each line, of an answer that is JSON lines. */
  readonly lines?: string;
  readonly pathParameters?: Parameters;
  readonly queryParameters?: Parameters;
  readonly headers?: Parameters;
  /** Headers that a request may leave out. */
  readonly optionalHeaders?: Parameters;
  /** Whether the answer is a file that supports `Range` requests. */
  readonly ranges?: boolean;
  readonly problems: readonly ProblemCode[];
}

/** Problems of every operation. */
export const ALWAYS: readonly ProblemCode[] = ["uri_too_long", "misconfigured", "internal"];
/** Problems of reading a small JSON body. */
export const JSON_BODY: readonly ProblemCode[] = [
  "invalid_json",
  "body_too_slow",
  "body_too_large",
  "unsupported_media_type",
  "invalid_request",
];
/** Problems of reading the JSON of a signed delivery, whatever its Content-Type. */
export const SIGNED_JSON: readonly ProblemCode[] = [
  "invalid_json",
  "invalid_request",
  "body_too_slow",
  "body_too_large",
];
/** Problems of every operation that asks for a key. */
export const KEY: readonly ProblemCode[] = ["key_missing", "key_invalid", "rate_limited", "account_unavailable"];
