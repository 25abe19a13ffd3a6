import { having, type Json } from "./components.ts";

export type Schemas = Readonly<Record<string, Json>>;

/** How line breaks in forms are read, and how to keep others. */
export const FORM_LINES =
  "In the plain fields of multipart/form-data, each line break is read as one LF character, and offsets count it as one: " +
  "HTTP clients turn LF into CR LF there. Send JSON, or the part `request`, to keep CR LF in a text.";

const FORM_PARTS =
  "Either the part `request`, or each field in a part of its own. No part is sent twice. Lists and objects are texts of " +
  "JSON. ";

/** A schema of an object, as far as forms are made of it. */
interface ObjectSchema {
  readonly properties?: Record<string, Json>;
  readonly required?: readonly string[];
  readonly if?: Json;
  readonly then?: Json;
  readonly else?: Json;
  readonly not?: Json;
}

const FILE: Json = {
  type: "string",
  contentMediaType: "application/octet-stream",
  description: "The picture as a file.",
};

/**
 * The media type object of a form with the fields of a named schema: either the part `request`, which is all fields but
 * the picture as JSON, or each field as a part. The picture is a file, texts and numbers are plain, and a list or an
 * object is a text of JSON. Each part is sent once.
 */
export function formOf(name: string, schemas: Schemas): Json {
  const { properties = {}, required = [], if: given, then, else: otherwise, not } = schemas[name] as ObjectSchema;
  const rules = Object.fromEntries(
    Object.entries({ if: given, then, else: otherwise, not }).filter(([, rule]) => rule !== undefined),
  );
  const { image, ...fields } = properties;
  const requiredFields = required.filter((field) => field !== "image");
  const whole = {
    type: "object",
    properties: fields,
    ...(requiredFields.length > 0 ? { required: requiredFields } : {}),
    additionalProperties: false,
    ...rules,
  };
  const plain = Object.entries(fields).map(([field, schema]) => [field, partOf(schema, schemas)] as const);
  const picture = image ? { image: FILE } : {};
  const description = "All fields except the picture, as one JSON part that replaces the others.";
  const parts = { ...picture, ...Object.fromEntries(plain), request: { ...asJson(whole), description } };
  const schema = {
    type: "object",
    description: FORM_PARTS + FORM_LINES,
    properties: parts,
    ...(required.includes("image") ? { required: ["image"] } : {}),
    additionalProperties: false,
    if: having("request"),
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema.
    then: onlyParts([...Object.keys(picture), "request"]),
    else: { ...having(...requiredFields), ...rules },
  };
  return { schema, encoding: encodingOf(parts) };
}

/** The Content-Type of each part that is not plain text. */
function encodingOf(parts: Readonly<Record<string, Json>>): Json {
  const types = Object.entries(parts).flatMap(([field, part]) => {
    if (field === "image") return [[field, { contentType: "image/jpeg, image/png, image/webp" }]];
    return part.contentMediaType === undefined ? [] : [[field, { contentType: "application/json" }]];
  });
  return Object.fromEntries(types);
}

/** How a field is written in its part. */
function partOf(schema: Json, schemas: Schemas): Json {
  const { description, anyOf, ...rest } = schema as { description?: string; anyOf?: Json[] } & Json;
  const described = description === undefined ? {} : { description };
  if (anyOf) return { ...described, ...rest, anyOf: anyOf.map((choice) => partOf(choice, schemas)) };
  const resolved = typeof schema.$ref === "string" ? schemas[schema.$ref.split("/").at(-1) ?? ""] : schema;
  return resolved?.type === "array" || resolved?.type === "object" ? { ...described, ...asJson(rest) } : schema;
}

/** A text of JSON that a schema describes. */
function asJson(contentSchema: Json): Json {
  return { type: "string", contentMediaType: "application/json", contentSchema };
}

/** A schema of objects that have no other parts than these. */
function onlyParts(parts: readonly string[]): Json {
  return { properties: Object.fromEntries(parts.map((part) => [part, {}])), additionalProperties: false };
}
