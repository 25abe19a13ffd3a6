import { LIMITS } from "../../schemas/limits.ts";

type Schema = Readonly<Record<string, unknown>>;
type ObjectSchema = Schema & { readonly properties: Readonly<Record<string, Schema>>; readonly required?: string[] };
type Components = Readonly<Record<string, ObjectSchema>>;

/** The JSON Schemas of a tool (2020-12). What they refer to is in their `$defs`. */
export interface ToolSchemas {
  readonly input: Schema;
  readonly output: Schema;
}

/** How long a tool waits for its job where the caller does not say, in seconds. Clients give up after 60 s. */
export const DEFAULT_WAIT_S = 50;
const WAIT = {
  type: "integer",
  minimum: 0,
  maximum: LIMITS.waitSeconds,
  default: DEFAULT_WAIT_S,
  description: "Seconds to wait for the answer. A job that takes longer goes on: ask get_job for it.",
};
const OVERLAY = {
  type: "boolean",
  default: true,
  description: "Whether to return the picture with the entities drawn on it.",
};
const JOB_ID = { type: "string", description: "The id of a job: req_…." };

/**
 * The schemas of the tools, made from those of the API in the OpenAPI document, which is loaded with the first request.
 * They are made once, because every request of an agent needs them. A tool takes what its operation takes, without what
 * means nothing to an agent: a webhook, a tokenized text, and the form of masks, which the answer links to.
 */
export async function toolSchemas(): Promise<AllSchemas> {
  const { default: document } = await import("../../schemas/openapi.json");
  made ??= makeSchemas(document.components.schemas as unknown as Components);
  return made;
}

type AllSchemas = Readonly<Record<ToolName, ToolSchemas>>;
let made: AllSchemas | undefined;

function makeSchemas(components: Components): AllSchemas {
  const answer = (name: string) => withDefinitions(outcome({ $ref: `#/components/schemas/${name}` }), components);
  const recognize = inputOf(components.RecognizeRequest, ["text"], { overlay: OVERLAY });
  const segment = inputOf(components.SegmentRequest, ["image", "boxes"], {});
  const getJob = {
    type: "object",
    additionalProperties: false,
    required: ["id"],
    properties: { id: JOB_ID, wait_seconds: WAIT, overlay: OVERLAY },
  };
  return {
    recognize_entities: { input: withDefinitions(recognize, components), output: answer("RecognizeAnswer") },
    segment_boxes: { input: withDefinitions(segment, components), output: answer("SegmentAnswer") },
    get_job: { input: getJob, output: outcome({ type: "object", description: "The answer of the job's operation." }) },
  };
}

export const TOOL_NAMES = ["recognize_entities", "segment_boxes", "get_job"] as const;
export type ToolName = (typeof TOOL_NAMES)[number];

const NOT_FOR_AGENTS = ["webhook", "tokens", "masks"];

function inputOf(request: ObjectSchema | undefined, required: readonly string[], more: object): Schema {
  const own = Object.entries(request?.properties ?? {}).filter(([name]) => !NOT_FOR_AGENTS.includes(name));
  const properties = { ...Object.fromEntries(own), wait_seconds: WAIT, ...more };
  return { type: "object", additionalProperties: false, required, properties };
}

function outcome(answer: Schema): Schema {
  const properties = {
    job_id: { anyOf: [JOB_ID, { type: "null" }], description: "Null where a payment paid for the call." },
    state: { type: "string", description: "`succeeded` with the answer; `queued` or `running` while the job goes on." },
    answer: { anyOf: [answer, { type: "null" }], description: "The answer; null while the job goes on." },
  };
  return { type: "object", additionalProperties: false, required: Object.keys(properties), properties };
}

const REFERENCE = /^#\/components\/schemas\/(\w+)$/;

/** A schema with all that it refers to in its `$defs`. */
function withDefinitions(schema: Schema, components: Components): Schema {
  const definitions: Record<string, unknown> = {};
  const moved = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(moved);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, held]) => [key, key === "$ref" ? refer(held) : moved(held)]),
    );
  };
  const refer = (reference: string): string => {
    const name = REFERENCE.exec(reference)?.[1] ?? "";
    if (!(name in definitions)) {
      definitions[name] = null;
      definitions[name] = moved(isMasked(name) ? withoutMask(components[name]) : components[name]);
    }
    return `#/$defs/${name}`;
  };
  const own = moved(schema) as Schema;
  return { ...own, $defs: definitions };
}

const isMasked = (name: string) => name === "Region" || name === "SegmentAnswer";

/** The schema of what has a mask, which is left out where `mask_url` links to it. */
function withoutMask(schema: unknown): unknown {
  if (typeof schema !== "object" || schema === null || Array.isArray(schema)) return schema;
  const changed = Object.entries(schema).map(([key, value]) => [
    key,
    key === "required" ? (value as string[]).filter((name) => name !== "mask") : withoutMask(value),
  ]);
  return Object.fromEntries(changed);
}
