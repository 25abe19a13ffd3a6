import * as z from "zod/mini";
import { KeyFacts, KeyMode, RevenueRow, Scope, UsageRow } from "../../schemas/accounts.ts";
import { BatchResult } from "../../schemas/batches.ts";
import { OPERATIONS } from "../../schemas/operations.ts";
import { PlanName } from "../../schemas/plans.ts";
import { Charge, OperationPrice, PaidOperation, Units } from "../../schemas/prices.ts";
import {
  Box,
  CocoMask,
  OffsetEncoding,
  PolygonMask,
  PositionEncoding,
  RleMask,
  Score,
  Span,
} from "../../schemas/primitives.ts";
import { FieldError, PaymentFacts, Problem, ProblemCode } from "../../schemas/problem.ts";
import { ProviderName } from "../../schemas/providers.ts";
import {
  Entity,
  Image,
  ImageFacts,
  MaskReason,
  ReferringExpression,
  Region,
  StageRecord,
  VisibilityReason,
} from "../../schemas/recognize.ts";
import { RequestSettings } from "../../schemas/sources.ts";
import { EntityQuery } from "../../schemas/stage-routes.ts";
import { StageName } from "../../schemas/stages/index.ts";
import { ExpressionEvent, MaskEvent, MentionEvent, RegionEvent, VisibilityEvent } from "../../schemas/stream.ts";
import {
  DeliveryAttempt,
  DeliveryFacts,
  DisabledReason,
  JobEvent,
  WebhookEvent,
  WebhookFacts,
} from "../../schemas/webhooks.ts";
import type { Described } from "../schema-comments.ts";

export type Json = Record<string, unknown>;

/** Schemas that have a name of their own in the document. */
const SHARED = {
  BatchResult,
  Box,
  Charge,
  CocoMask,
  DeliveryAttempt,
  DeliveryFacts,
  DisabledReason,
  Entity,
  EntityQuery,
  ExpressionEvent,
  FieldError,
  Image,
  ImageFacts,
  KeyFacts,
  KeyMode,
  MaskEvent,
  MaskReason,
  MentionEvent,
  OperationPrice,
  PaidOperation,
  PaymentFacts,
  PlanName,
  PolygonMask,
  PositionEncoding,
  Problem,
  ProblemCode,
  ProviderName,
  ReferringExpression,
  Region,
  RegionEvent,
  RequestSettings,
  RevenueRow,
  RleMask,
  Scope,
  Score,
  Span,
  StageName,
  StageRecord,
  Units,
  UsageRow,
  VisibilityEvent,
  VisibilityReason,
  JobEvent,
  WebhookEvent,
  WebhookFacts,
};

const registry = z.registry<{ id: string } & Json>();
for (const [id, schema] of Object.entries(SHARED)) registry.add(schema, { id, ...oneRequired(schema) });
for (const { request, answer, query } of OPERATIONS) {
  if (query) registry.add(query.schema, { id: query.name });
  if (request) registry.add(request.schema, { id: request.name, ...oneRequired(request.schema) });
  if (answer) registry.add(answer.schema, { id: answer.name });
}

/**
 * The named schemas of the document, with the descriptions of the comments. Fields with a default are optional in
 * requests and always there in answers.
 */
export function buildComponents(comments: ReadonlyMap<string, Described>): Record<string, Json> {
  const options = {
    metadata: registry,
    uri: (id: string) => `#/components/schemas/${id}`,
    unrepresentable: "any",
  } as const;
  const sent = z.toJSONSchema(registry, { ...options, io: "input" }).schemas as Record<string, Json>;
  const got = z.toJSONSchema(registry, { ...options, io: "output" }).schemas as Record<string, Json>;
  const sentNames = OPERATIONS.flatMap(({ request, query }) => [request?.name ?? [], query?.name ?? []].flat());
  const requests = new Set(["EntityQuery", "RequestSettings", ...sentNames]);
  const names = Object.keys(got).toSorted();
  return Object.fromEntries(
    names.map((name) => {
      const { $schema: _, $id: __, id: ___, ...schema } = (requests.has(name) ? sent : got)[name] ?? {};
      return [name, described(schema, comments.get(name))];
    }),
  );
}

/**
 * The rules on required fields that the schemas check in code, as JSON Schema: exactly one of `text` and `tokens`, no
 * positions in tokens for a `text`, and at least one of `text` and `expression`. Generators of clients make no types of
 * `if`, and wrong ones of `oneOf`.
 */
function oneRequired(schema: z.ZodMiniType): Json {
  const shape = schema instanceof z.ZodMiniObject ? schema.shape : {};
  const inText = { properties: { offset_encoding: { enum: OffsetEncoding.options } }, additionalProperties: true };
  if ("tokens" in shape) {
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema.
    const then = "offset_encoding" in shape ? { then: inText } : {};
    return { if: having("text"), ...then, else: having("tokens"), not: having("text", "tokens") };
  }
  return schema === EntityQuery ? { if: having("text"), else: having("expression") } : {};
}

/** A schema of objects that have certain fields. The linter wants them, and that there may be more, spelt out. */
export function having(...required: string[]): Json {
  return {
    properties: Object.fromEntries(required.map((field) => [field, {}])),
    required,
    additionalProperties: true,
  };
}

/**
 * A JSON schema with the descriptions of the comments, at every depth. A reference does not repeat the description of
 * what it refers to.
 */
export function described(schema: Json, comments: Described | undefined): Json {
  const { properties, items, anyOf, ...rest } = schema as {
    properties?: Record<string, Json>;
    items?: Json;
    anyOf?: Json[];
  } & Json;
  const fields = Object.entries(properties ?? {}).map(([name, field]) => {
    return [name, described(field, comments?.fields.get(name))];
  });
  return {
    ...(comments?.comment && (comments.own || !refers(schema)) ? { description: comments.comment } : {}),
    ...rest,
    ...(items ? { items: described(items, comments?.items) } : {}),
    ...(anyOf ? { anyOf: anyOf.map((choice) => described(choice, insideOf(comments))) } : {}),
    ...(properties ? { properties: Object.fromEntries(fields) } : {}),
  };
}

/** Whether a schema is a reference, or null or a reference. */
function refers({ $ref, anyOf = [] }: { $ref?: unknown; anyOf?: Json[] } & Json): boolean {
  return $ref !== undefined || anyOf.some(refers);
}

/** What is said of the fields and items of a schema, without what is said of the schema itself. */
function insideOf(comments: Described | undefined): Described | undefined {
  return comments && { ...comments, comment: undefined };
}
