/** What `apiPage` reads of an OpenAPI document. */
export interface OpenApiDocument {
  readonly info: { readonly description: string };
  readonly tags: ReadonlyArray<{ readonly name: string; readonly description: string }>;
  readonly paths: Readonly<Record<string, Readonly<Record<string, OpenApiOperation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, JsonSchema>>;
    readonly responses: Responses;
  };
}

interface Media {
  readonly schema?: JsonSchema;
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
}
type Content = Readonly<Record<string, Media>>;

interface OpenApiOperation {
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description: string;
  readonly parameters?: ReadonlyArray<{ readonly name: string; readonly in: string; readonly description: string }>;
  readonly requestBody?: { readonly content: Content };
  readonly responses: Responses;
}

type Responses = Readonly<Record<string, Response>>;

interface Response {
  /** Where the document has it, for the responses of problems. */
  readonly $ref?: string;
  readonly description?: string;
  readonly content?: Content;
  readonly "x-other-media-types"?: Readonly<Record<string, string>>;
}

/** The keywords of JSON Schema that the document uses. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
  readonly prefixItems?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}

/** The API reference as Markdown: every operation with its fields, examples and problems, and every schema. */
export function apiPage(document: OpenApiDocument): string {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ title: `${method.toUpperCase()} ${path}`, operation })),
  );
  const sections = document.tags.map(({ name, description }) => {
    const own = operations.filter(({ operation }) => operation.tags.includes(name));
    const texts = own.map(({ title, operation }) => operationText(title, operation, document.components.responses));
    return [`## ${name[0]?.toUpperCase()}${name.slice(1)}`, description, ...texts].join("\n\n");
  });
  const schemas = Object.entries(document.components.schemas).map(([name, schema]) => schemaText(name, schema));
  return `# API reference

${document.info.description}

A deployment serves the same as OpenAPI 3.1 at \`/openapi.json\`. Limits are listed in [limits.md](../limits.md), problems in
[problems.md](../problems.md). Examples show pictures as \`data:…;base64,…\`; the OpenAPI document has them whole.

${sections.join("\n\n")}

## Schemas

${schemas.join("\n\n")}
`;
}

function operationText(title: string, operation: OpenApiOperation, shared: Responses): string {
  const { summary, description, parameters = [], requestBody } = operation;
  const responses = Object.fromEntries(
    Object.entries(operation.responses).map(([status, response]) => {
      return [status, shared[response.$ref?.replace("#/components/responses/", "") ?? ""] ?? response];
    }),
  );
  const rows = parameters.map((parameter) => `| \`${parameter.name}\` | ${parameter.in} | ${parameter.description} |`);
  const [[status, answer] = ["", undefined]] = Object.entries(responses);
  return [
    `### ${title}`,
    `**${summary}.** ${description}`,
    ...(rows.length > 0 ? [table(["parameter", "in", "description"], rows)] : []),
    ...(requestBody ? [contentText("Request", requestBody.content)] : []),
    answerText(status, answer),
    problemsText(responses),
  ].join("\n\n");
}

function answerText(status: string, answer: Response | undefined): string {
  const others = Object.entries(answer?.["x-other-media-types"] ?? {}).map(
    ([type, description]) => `\`${type}\`: ${description}`,
  );
  const head = `Answer ${status}`;
  return [
    answer?.content ? contentText(head, answer.content) : `${head}: ${answer?.description ?? ""}`,
    ...(others.length > 0 ? [`Other media types: ${others.join(" ")}`] : []),
  ].join("\n\n");
}

/** What a body is in each media type, and the first of its examples. */
function contentText(head: string, content: Content): string {
  const types = Object.entries(content).map(([type, { schema }]) => {
    return `\`${type}\`${schema?.$ref ? ` (${typeText(schema)})` : ""}`;
  });
  const [example] = Object.values(content).flatMap(({ examples = {} }) => Object.values(examples));
  const shown = example ? `\n\n\`\`\`json\n${JSON.stringify(shortened(example.value), null, 1)}\n\`\`\`` : "";
  return `${head}: ${types.join(" or ")}.${shown}`;
}

/** A value with its long data URLs cut off. */
function shortened(value: unknown): unknown {
  if (typeof value === "string") return value.replace(/^(data:[^,]*,).*/, "$1…");
  if (Array.isArray(value)) return value.map(shortened);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shortened(inner)]));
}

function problemsText(responses: Responses): string {
  const rows = Object.entries(responses).flatMap(([status, { content = {} }]) => {
    const codes = Object.keys(content["application/problem+json"]?.examples ?? {});
    const links = codes.map((code) => `[\`${code}\`](../problems.md#${code})`);
    return links.length > 0 ? [`- ${status}: ${links.join(", ")}`] : [];
  });
  return ["Problems:", rows.join("\n")].join("\n\n");
}

function schemaText(name: string, schema: JsonSchema): string {
  const rows = fieldRows(schema, "");
  return [
    `### ${name}`,
    schema.description ?? "",
    ...(rows.length > 0 ? [table(["field", "type", "description"], rows)] : [`Type: ${typeText(schema)}.`]),
  ].join("\n\n");
}

/** One row for each field, at every depth. */
function fieldRows({ properties = {}, required = [] }: JsonSchema, path: string): string[] {
  return Object.entries(properties).flatMap(([name, field]) => {
    const preset = field.default === undefined ? "" : ` Default: \`${JSON.stringify(field.default)}\`.`;
    const optional = required.includes(name) || preset !== "" ? "" : " (optional)";
    const text = `${field.description ?? ""}${preset}`.trim();
    return [
      `| \`${path}${name}\` | ${typeText(field)}${optional} | ${text} |`,
      ...objectsIn(field).flatMap(({ schema, suffix }) => fieldRows(schema, `${path}${name}${suffix}.`)),
    ];
  });
}

/** The objects that a field is or holds, with `[]` for each array around them. */
function objectsIn(field: JsonSchema, suffix = ""): Array<{ schema: JsonSchema; suffix: string }> {
  if (field.properties) return [{ schema: field, suffix }];
  const inItems = field.items ? objectsIn(field.items, `${suffix}[]`) : [];
  return [...inItems, ...(field.anyOf ?? []).flatMap((choice) => objectsIn(choice, suffix))];
}

/** A schema's type in words. */
function typeText(schema: JsonSchema): string {
  if (schema.$ref) {
    const name = schema.$ref.split("/").at(-1) ?? "";
    return `[${name}](#${name.toLowerCase()})`;
  }
  if (schema.anyOf) return schema.anyOf.map(typeText).join(" or ");
  if (schema.enum) return schema.enum.map((value) => `\`${JSON.stringify(value)}\``).join(", ");
  if (schema.prefixItems) return `array of ${schema.prefixItems.length}`;
  if (schema.type === undefined) return "any";
  if (schema.type === "array") return `array of ${typeText(schema.items ?? {})}${bounds("items", schema)}`;
  return `${[schema.type].flat().join(" or ")}${bounds("", schema)}`;
}

/** A schema's limits in words; a number's own largest safe integer is none. */
function bounds(noun: string, schema: JsonSchema): string {
  const low = schema.minimum ?? schema.minLength ?? schema.minItems;
  const high = schema.maximum ?? schema.maxLength ?? schema.maxItems;
  const unit = noun || (schema.minLength === undefined && schema.maxLength === undefined ? "" : "characters");
  const limited = high !== undefined && high !== Number.MAX_SAFE_INTEGER;
  if (low === undefined && !limited) return "";
  const range = limited ? (low === undefined ? `at most ${high}` : `${low} to ${high}`) : `at least ${low}`;
  return `, ${range}${unit ? ` ${unit}` : ""}`;
}

function table(columns: readonly string[], rows: readonly string[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(columns), line(columns.map(() => "---")), ...rows].join("\n");
}
