import { Validator } from "@cfworker/json-schema";
import { describe, expect, test } from "vitest";
import document from "../../../schemas/openapi.json" with { type: "json" };
import { OPERATIONS } from "../../../schemas/operations.ts";
import { PROBLEMS, Problem } from "../../../schemas/problem.ts";
import { RecognizeRequest } from "../../../schemas/recognize.ts";

type Examples = Record<string, { value?: unknown; $ref?: string }>;
type Media = Record<string, { schema: object; examples?: Examples }>;
type Responses = Record<string, { $ref?: string; content?: Media }>;
type Described = {
  operationId: string;
  requestBody?: { content: Media };
  responses: Responses;
};

const shared = document.components.responses as unknown as Responses;
/** An operation whose responses stand in it, also those to which the document refers. */
const whole = (operation: Described): Described => ({
  ...operation,
  responses: Object.fromEntries(
    Object.entries(operation.responses).map(([status, response]) => {
      return [status, shared[response.$ref?.replace("#/components/responses/", "") ?? ""] ?? response];
    }),
  ),
});
const described = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.values(methods).map((operation) => ({ path, ...whole(operation as unknown as Described) })),
);
/** The example of a problem, to which the responses refer. */
const sharedExample = (code: string) =>
  document.components.examples[code as keyof typeof document.components.examples]?.value;
const examples = described.flatMap(({ operationId, requestBody, responses }) =>
  [["request", requestBody] as const, ...Object.entries(responses)].flatMap(([where, message]) =>
    Object.entries(message?.content ?? {}).flatMap(([type, { schema, examples = {} }]) =>
      Object.entries(examples).map(([name, { value = sharedExample(name) }]) => {
        return { operationId, where, type, name, schema, value };
      }),
    ),
  ),
);

type Field = {
  $ref?: string;
  description?: string;
  properties?: Record<string, Field>;
  items?: Field;
  anyOf?: Field[];
};

/** The paths of fields that neither have a description nor refer to a schema that has one. */
function undescribed({ properties = {}, items, anyOf = [] }: Field, path: string): string[] {
  const refers = ({ $ref, anyOf: choices = [] }: Field): boolean => $ref !== undefined || choices.some(refers);
  return [
    ...Object.entries(properties).flatMap(([name, field]) => [
      ...(field.description !== undefined || refers(field) ? [] : [`${path}.${name}`]),
      ...undescribed(field, `${path}.${name}`),
    ]),
    ...[items ?? {}, ...anyOf].flatMap((inner) => (inner.properties || inner.items ? undescribed(inner, path) : [])),
  ];
}

const validators = new Map<string, Validator>();
/** The validator of a schema, made once: it follows every reference in the document's components. */
function validatorOf(schema: object): Validator {
  const key = JSON.stringify(schema);
  const known = validators.get(key) ?? new Validator({ ...schema, components: document.components }, "2020-12");
  validators.set(key, known);
  return known;
}

describe("the committed OpenAPI document", () => {
  test("has every operation", () => {
    expect(described.map(({ operationId }) => operationId)).toEqual(OPERATIONS.map(({ id }) => id));
  });

  test("has an example for every request and every JSON answer of every operation", () => {
    for (const { operationId, requestBody, responses } of described) {
      const media = [requestBody?.content, ...Object.values(responses).map(({ content }) => content)];
      for (const content of media) {
        for (const [type, { examples: shown }] of Object.entries(content ?? {})) {
          if (type.endsWith("json"))
            expect([operationId, type, Object.keys(shown ?? {}).length > 0]).toEqual([operationId, type, true]);
        }
      }
    }
  });

  test("has an example of every problem that can end a request", () => {
    const shown = new Set(examples.map(({ name }) => name));
    const ending = Object.entries(PROBLEMS).filter(
      ([code, { status }]) => status !== 200 && code !== "method_not_allowed",
    );
    expect(ending.map(([code]) => code).filter((code) => !shown.has(code))).toEqual([]);
  });

  test.each(examples)("$operationId: the $type example $name of $where matches the document", ({ schema, value }) => {
    expect(validatorOf(schema).validate(value).errors).toEqual([]);
  });

  test.each(OPERATIONS)("$id: the examples match the schemas that the code reads", ({ request, answer }) => {
    for (const example of Object.values(request?.examples ?? {}))
      expect(request?.schema.safeParse(example).error?.issues).toBeUndefined();
    if (answer) expect(answer.schema.safeParse(answer.example).error?.issues).toBeUndefined();
  });

  test("finds an example that breaks its schema", () => {
    const [{ schema } = { schema: {} }] = examples.filter(
      ({ where, operationId }) => where === "200" && operationId === "recognize",
    );
    expect(validatorOf(schema).validate({ id: 7 }).valid).toBe(false);
  });

  test("shows problems in the form in which they are sent", () => {
    for (const { value, type } of examples) if (type === "application/problem+json") Problem.parse(value);
  });

  test("lists no other media type beside JSON, so that generated clients type the answer as JSON alone", () => {
    for (const { operationId, responses } of described) {
      for (const [status, { content }] of Object.entries(responses)) {
        const types = Object.keys(content ?? {});
        if (Number(status) < 400 && types.includes("application/json"))
          expect([operationId, types]).toEqual([operationId, ["application/json"]]);
      }
    }
  });

  test("describes every named schema and every field", () => {
    const missing = Object.entries(document.components.schemas).flatMap(([name, schema]) => [
      ...("description" in schema ? [] : [name]),
      ...undescribed(schema as Field, name),
    ]);
    expect(missing).toEqual([]);
  });

  test("describes a field and not another one of its name", () => {
    const { RecognizeRequest: request, Entity, ReferringExpression } = document.components.schemas;
    expect(request.properties.text.description).toBe("The text of the post.");
    expect(Entity.properties.text.description).toMatch(/^The name as a person reads its first mention/);
    expect(ReferringExpression.properties.text.description).toBe("The expression.");
  });

  test.each([
    ["stage_failed", "grounding", "cog", true],
    ["no_such_code", "grounding", "cog", false],
    ["stage_failed", "no_such_stage", "cog", false],
    ["stage_failed", "grounding", "nobody", false],
  ])("takes code %s, stage %s and provider %s: %s", (code, stage, provider, expected) => {
    const problem = { type: "/problems/x", title: "x", status: 502, code, detail: "x", stage };
    const record = { stage, model: "m", version: null, provider, attempts: 1, cached: false, ms: 1, cost_usd: null };
    const valid = (name: string, value: unknown) =>
      new Validator(
        { $ref: `#/components/schemas/${name}`, components: document.components } as object,
        "2020-12",
      ).validate(value).valid;
    expect(valid("Problem", problem) && valid("StageRecord", record)).toBe(expected);
  });

  test.each([
    [{ text: "a" }, true],
    [{ tokens: ["a"] }, true],
    [{ text: "a", tokens: ["a"] }, false],
    [{}, false],
  ])("takes a post only with one of text and tokens: %j", (post, expected) => {
    const schema = { $ref: "#/components/schemas/RecognizeRequest", components: document.components };
    expect(new Validator(schema as object, "2020-12").validate(post).valid).toBe(expected);
    expect(RecognizeRequest.safeParse(post).success).toBe(expected);
  });
});
