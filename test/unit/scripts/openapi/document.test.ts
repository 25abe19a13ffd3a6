import { describe, expect, test } from "vitest";
import { OPERATIONS } from "../../../../schemas/operations.ts";
import { buildComponents } from "../../../../scripts/openapi/components.ts";
import { openApiDocument } from "../../../../scripts/openapi/document.ts";

interface Body {
  content: Record<string, { schema: { properties: Record<string, object>; required: string[] } }>;
}
interface Described {
  parameters?: Array<{ name: string; required: boolean }>;
  security: object[];
  requestBody: Body;
  responses: Responses;
}
type Responses = Record<string, { $ref?: string; content?: object; headers?: object }>;
const document = openApiDocument(buildComponents(new Map()), "1.2.3") as {
  info: object;
  components: { schemas: object; responses: Responses };
  paths: Record<string, Record<string, Described>>;
};
const operation = (method: string, path: string): Described => {
  const found = document.paths[path]?.[method];
  if (!found) throw new Error(`no ${method} ${path}`);
  return found;
};

describe("openApiDocument", () => {
  test("has the version and every operation", () => {
    expect(document.info).toMatchObject({ version: "1.2.3" });
    expect(Object.values(document.paths).flatMap((methods) => Object.values(methods))).toHaveLength(OPERATIONS.length);
  });

  test("gives a form the picture as a file, and one part for all other fields", () => {
    const form = operation("post", "/v1/entail").requestBody.content["multipart/form-data"]?.schema;
    expect(form?.properties.image).toMatchObject({ contentMediaType: "application/octet-stream" });
    expect(form?.properties.request).toMatchObject({ contentMediaType: "application/json" });
    expect(form?.required).toEqual(["image"]);
  });

  test("gives paid operations their price, and others none", () => {
    expect(operation("post", "/v1/segment")).toMatchObject({
      "x-price": { call_usd: "0.002", entity_usd: "0", mask_usd: "0.004" },
    });
    expect(operation("get", "/health")).not.toHaveProperty("x-price");
  });

  test("lists partial answers only for operations that support Range", () => {
    expect(Object.keys(operation("get", "/v1/masks/{account}/{file}").responses)).toContain("206");
    expect(Object.keys(operation("get", "/v1/overlays/{account}/{file}").responses)).not.toContain("206");
  });

  test("answers 204 when an operation returns neither JSON nor a file", () => {
    expect(Object.keys(operation("post", "/hooks/replicate/{attempt}").responses)[0]).toBe("204");
  });

  test("requires the signature of a signed link, where no key opens the file", () => {
    const required = (path: string) =>
      (operation("get", path).parameters ?? []).map(({ name, required: is }) => [name, is]);
    expect(required("/v1/pictures/{id}")).toEqual([
      ["id", true],
      ["expires", true],
      ["signature", true],
    ]);
    expect(required("/v1/overlays/{account}/{file}")).toEqual([
      ["account", true],
      ["file", true],
      ["expires", false],
      ["signature", false],
    ]);
  });

  test("takes the optional parameters of a query from its schema, which is no component", () => {
    const limit = operation("get", "/v1/usage").parameters?.find(({ name }) => name === "limit");
    expect(limit).toMatchObject({
      in: "query",
      required: false,
      schema: { type: "integer", minimum: 1, default: 100 },
    });
    expect(document.components.schemas).not.toHaveProperty("UsageParameters");
  });

  test("answers 201 with what was created, from a JSON body alone", () => {
    const { requestBody, responses } = operation("post", "/v1/keys");
    expect(Object.keys(responses)[0]).toBe("201");
    expect(Object.keys(requestBody.content)).toEqual(["application/json"]);
  });

  test("says of each operation who may use it", () => {
    const security = (method: string, path: string) => operation(method, path).security;
    expect(security("get", "/v1/prices")).toEqual([]);
    expect(security("post", "/v1/mner")).toEqual([{ key: ["stages"] }, {}]);
    expect(security("get", "/v1/balance")).toEqual([{ key: [] }]);
    expect(security("delete", "/v1/keys/{id}")).toEqual([{ key: ["admin"] }]);
    expect(security("post", "/operator/accounts")).toEqual([{ operator: [] }]);
  });

  test("has the response of the same problems once, whatever the order in which operations list them", () => {
    const refs = Object.values(document.paths).flatMap((methods) =>
      Object.values(methods).flatMap(({ responses }) => Object.values(responses).flatMap(({ $ref }) => $ref ?? [])),
    );
    const named = Object.keys(document.components.responses).map((name) => `#/components/responses/${name}`);
    expect(named.toSorted()).toEqual([...new Set(refs)].toSorted());
    expect(new Set(Object.values(document.components.responses).map((one) => JSON.stringify(one))).size).toBe(
      named.length,
    );
    expect(operation("get", "/v1/jobs/{id}").responses["404"]).toEqual({ $ref: "#/components/responses/not_found" });
  });

  test("lists the headers of money: the repeat's key, quotas, and when to ask again", () => {
    const { parameters = [], responses } = operation("post", "/v1/recognize");
    expect(parameters).toEqual([
      expect.objectContaining({ name: "Idempotency-Key", required: false }),
      expect.objectContaining({ name: "Prefer", required: false }),
      expect.objectContaining({ name: "PAYMENT-SIGNATURE", required: false }),
    ]);
    const shared = (ref = "") => document.components.responses[ref.replace("#/components/responses/", "")];
    const names = (status: string) => {
      const response = responses[status];
      return Object.keys((shared(response?.$ref) ?? response)?.headers ?? {});
    };
    expect(names("200")).toEqual(expect.arrayContaining(["RateLimit", "RateLimit-Policy", "Idempotent-Replayed"]));
    expect(names("402")).toEqual(["X-Request-Id", "PAYMENT-REQUIRED", "PAYMENT-RESPONSE"]);
    expect(names("401")).toEqual(["X-Request-Id", "WWW-Authenticate"]);
    expect(names("429")).toEqual(["X-Request-Id", "Retry-After", "RateLimit", "RateLimit-Policy"]);
  });
});
