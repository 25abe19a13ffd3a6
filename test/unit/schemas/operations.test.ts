import { Validator } from "@cfworker/json-schema";
import { describe, expect, test } from "vitest";
import document from "../../../schemas/openapi.json" with { type: "json" };
import { OPERATIONS } from "../../../schemas/operations.ts";
import { PROBLEMS, Problem } from "../../../schemas/problem.ts";

type Examples = Record<string, { value: unknown }>;
type Media = Record<string, { schema: object; examples?: Examples }>;
type Described = {
  operationId: string;
  requestBody?: { content: Media };
  responses: Record<string, { content?: Media }>;
};

const described = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.values(methods).map((operation) => ({ path, ...(operation as unknown as Described) })),
);
const examples = described.flatMap(({ operationId, requestBody, responses }) =>
  [["request", requestBody] as const, ...Object.entries(responses)].flatMap(([where, message]) =>
    Object.entries(message?.content ?? {}).flatMap(([type, { schema, examples = {} }]) =>
      Object.entries(examples).map(([name, { value }]) => ({ operationId, where, type, name, schema, value })),
    ),
  ),
);

describe("the committed contract", () => {
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

  test.each(examples)("$operationId: $where $type $name agrees with the document", ({ schema, value }) => {
    const { errors } = new Validator({ ...schema, components: document.components }, "2020-12").validate(value);
    expect(errors).toEqual([]);
  });

  test.each(OPERATIONS)("$id: the examples agree with the schemas that the code reads", ({ request, answer }) => {
    for (const example of Object.values(request?.examples ?? {}))
      expect(request?.schema.safeParse(example).error?.issues).toBeUndefined();
    if (answer) expect(answer.schema.safeParse(answer.example).error?.issues).toBeUndefined();
  });

  test("an example that is wrong would be found", () => {
    const [{ schema } = { schema: {} }] = examples.filter(
      ({ where, operationId }) => where === "200" && operationId === "recognize",
    );
    expect(new Validator({ ...schema, components: document.components }, "2020-12").validate({ id: 7 }).valid).toBe(
      false,
    );
  });

  test("shows problems as they are sent", () => {
    for (const { value, type } of examples) if (type === "application/problem+json") Problem.parse(value);
  });
});
