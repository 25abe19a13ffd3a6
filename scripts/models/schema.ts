import type { ReplicateSchema } from "../../src/stages/model.ts";

/** The parts of a version's `openapi_schema` that are read: `components.schemas.Input` and `Output`, written by Cog. */
export interface VersionSchema {
  readonly inputs: readonly string[];
  readonly required: readonly string[];
  /** The possible forms of the output; empty where the schema gives none. */
  readonly outputs: readonly OutputShape[];
}

export interface OutputShape {
  readonly type: string;
  /** Of an object. */
  readonly properties: readonly string[];
}

type Json = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isNames = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((name) => typeof name === "string");

/** A version's inputs and outputs; null where the value is not such a schema. */
export function readVersionSchema(openapi: unknown): VersionSchema | null {
  const schemas = isObject(openapi) && isObject(openapi.components) ? openapi.components.schemas : null;
  if (!isObject(schemas) || !isObject(schemas.Input)) return null;
  const { properties, required = [] } = schemas.Input;
  if (!isObject(properties) || !isNames(required)) return null;
  return { inputs: Object.keys(properties), required, outputs: shapesOf(schemas.Output, schemas) };
}

/** @param depth how many references are followed: one may lead to itself */
function shapesOf(schema: unknown, schemas: Json, depth = 8): OutputShape[] {
  if (!isObject(schema) || depth === 0) return [];
  const { type, properties, $ref } = schema;
  const choices = [schema.anyOf, schema.oneOf, schema.allOf].find(Array.isArray);
  if (choices) return choices.flatMap((choice) => shapesOf(choice, schemas, depth - 1));
  if (typeof $ref === "string") return shapesOf(schemas[$ref.replace("#/components/schemas/", "")], schemas, depth - 1);
  return typeof type === "string" ? [{ type, properties: isObject(properties) ? Object.keys(properties) : [] }] : [];
}

/** The differences between a version's schema and what our code sends and reads, one sentence each. */
export function differencesOf(schema: VersionSchema, { inputs, output }: ReplicateSchema): string[] {
  const { required, outputs } = schema;
  const notTaken = inputs.filter((name) => !schema.inputs.includes(name));
  const missing = required.filter((name) => !inputs.includes(name));
  return [
    ...notTaken.map((name) => `our code sends "${name}", which it does not take and silently ignores`),
    ...missing.map((name) => `it requires "${name}", which our code does not send`),
    ...(output ? outputDifferences(outputs, output) : []),
  ];
}

function outputDifferences(
  outputs: readonly OutputShape[],
  { type, reads = [] }: NonNullable<ReplicateSchema["output"]>,
): string[] {
  if (outputs.length === 0) return [];
  const ours = outputs.find((shape) => shape.type === type);
  if (!ours) return [`its output is ${outputs.map((shape) => shape.type).join(" or ")}, and our code reads ${type}`];
  const gone = ours.properties.length > 0 ? reads.filter((name) => !ours.properties.includes(name)) : [];
  return gone.map((name) => `our code reads "${name}" of its output, which has no such property`);
}
