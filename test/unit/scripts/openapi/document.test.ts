import { describe, expect, test } from "vitest";
import { OPERATIONS } from "../../../../schemas/operations.ts";
import { buildComponents } from "../../../../scripts/openapi/components.ts";
import { openApiDocument } from "../../../../scripts/openapi/document.ts";

interface Body {
  content: Record<string, { schema: { properties: Record<string, object>; required: string[] } }>;
}
interface Described {
  parameters?: object[];
  requestBody: Body;
  responses: Record<string, { content?: object }>;
}
const document = openApiDocument(buildComponents(new Map()), "1.2.3") as {
  info: object;
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

  test("requires the signature of a signed link", () => {
    const parameters = operation("get", "/v1/overlays/{account}/{file}").parameters ?? [];
    expect(parameters).toEqual(
      ["account", "file", "expires", "signature"].map((name) => expect.objectContaining({ name, required: true })),
    );
  });
});
