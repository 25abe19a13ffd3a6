import { Validator } from "@cfworker/json-schema";
import document from "../../schemas/openapi.json";
import type { Schema } from "../support/schema-arbitrary.ts";

type Media = Record<string, { schema?: Schema }>;
type Answer = { content?: Media; "x-other-media-types"?: Record<string, string> };
type Responses = Record<string, Answer & { $ref?: string }>;
const SHARED: Record<string, Answer> = document.components.responses;
export type Described = {
  tags: string[];
  operationId: string;
  responses: Responses;
  requestBody?: { content: Media };
  parameters?: { name: string; in: string }[];
};
/** Every operation of the OpenAPI document. */
export const DESCRIBED = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    path,
    method,
    operation: operation as unknown as Described,
  })),
);

const validators = new Map<Schema, Validator>();
/** Throws when a response differs from what the OpenAPI document says of its operation. */
export async function conform({ operationId, responses }: Described, response: Response): Promise<void> {
  const { status } = response;
  const type = response.headers.get("content-type")?.split(";")[0] ?? "";
  const named = responses[String(status)];
  if (!named)
    throw new Error(`${operationId} answers ${status}, which the document does not have: ${await response.text()}`);
  const described = SHARED[named.$ref?.replace("#/components/responses/", "") ?? ""] ?? named;
  const schema = described.content?.[type]?.schema;
  if (described.content && !schema && !described["x-other-media-types"]?.[type])
    throw new Error(`${operationId} answers ${status} as ${type}`);
  if (!response.headers.get("x-request-id")) throw new Error(`${operationId} answers ${status} without X-Request-Id`);
  if (!schema || !/[/+]json$/.test(type)) return void (await response.arrayBuffer());
  const body = await response.json();
  const known =
    validators.get(schema) ?? new Validator({ ...schema, components: document.components } as object, "2020-12");
  validators.set(schema, known);
  const { valid, errors } = known.validate(body);
  if (!valid)
    throw new Error(
      `${operationId} ${status}: ${JSON.stringify(errors.slice(-2))} of ${JSON.stringify(body).slice(0, 500)}`,
    );
}
