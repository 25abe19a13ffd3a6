import { describe, expect, test } from "vitest";
import document from "../../../../schemas/openapi.json" with { type: "json" };
import { apiPage, type OpenApiDocument } from "../../../../scripts/pages/api.ts";

const page = apiPage(document as unknown as OpenApiDocument);

const small = (schema: object): string =>
  apiPage({
    info: { description: "" },
    tags: [],
    paths: {},
    components: { schemas: { Thing: schema }, responses: {} },
  });

describe("apiPage", () => {
  test("has a section for every operation and every schema", () => {
    const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `### ${method.toUpperCase()} ${path}`),
    );
    const schemas = Object.keys(document.components.schemas).map((name) => `### ${name}`);
    const titles = page.split("\n").filter((line) => line.startsWith("### "));
    expect(titles.toSorted()).toEqual([...operations, ...schemas].toSorted());
  });

  test("links only to headings that it has", () => {
    const headings = new Set([...page.matchAll(/^### (\w+)$/gm)].map(([, name = ""]) => name.toLowerCase()));
    const links = [...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, name]) => name);
    expect(links.length).toBeGreaterThan(50);
    expect(links.filter((name) => !headings.has(name ?? ""))).toEqual([]);
  });

  test("shows examples as JSON, with data URLs cut off", () => {
    const blocks = [...page.matchAll(/```json\n([\s\S]*?)```/g)].map(([, json = ""]) => JSON.parse(json) as object);
    expect(blocks.length).toBeGreaterThan(10);
    expect(page).toContain('"image": "data:image/jpeg;base64,…"');
    expect(Math.max(...page.split("\n").map(({ length }) => length))).toBeLessThan(1_500);
  });

  test("lists the other media types and the problems of an operation", () => {
    expect(page).toMatch(/Other media types: `image\/svg\+xml`/);
    expect(page).toContain("[`overlay_not_drawable`](../problems.md#overlay_not_drawable)");
  });

  test("writes a row for a field at every depth, with type, limits, default and description", () => {
    const text = small({
      description: "A thing.",
      properties: {
        count: { type: "integer", minimum: 1, maximum: 9, default: 3, description: "How many." },
        parts: {
          type: "array",
          maxItems: 2,
          items: { properties: { name: { type: "string", maxLength: 5 } }, required: ["name"] },
        },
        other: { anyOf: [{ $ref: "#/components/schemas/Thing" }, { type: "null" }] },
        kind: { enum: ["a", "b"] },
      },
      required: ["parts"],
    });
    expect(text).toContain("| `count` | integer, 1 to 9 | How many. Default: `3`. |");
    expect(text).toContain("| `parts` | array of any, at most 2 items |  |");
    expect(text).toContain("| `parts[].name` | string, at most 5 characters |  |");
    expect(text).toContain("| `other` | [Thing](#thing) or null (optional) |  |");
    expect(text).toContain('| `kind` | `"a"`, `"b"` (optional) |  |');
  });
});
