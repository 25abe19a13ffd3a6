import { expect, test } from "vitest";
import { LIMITS } from "../../../schemas/limits.ts";
import { TOOL_NAMES, toolSchemas } from "../../../src/mcp/tool-schemas.ts";

test("hold all that they refer to, and nothing that is no tool's", async () => {
  const schemas = await toolSchemas();
  for (const name of TOOL_NAMES) {
    for (const schema of [schemas[name].input, schemas[name].output]) {
      const text = JSON.stringify(schema);
      const referred = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference]) => reference ?? "");
      const { $defs = {} } = schema as { $defs?: object };
      expect(new Set(referred)).toEqual(new Set(Object.keys($defs).map((key) => `#/$defs/${key}`)));
      expect(schema.type).toBe("object");
    }
  }
  const { properties } = schemas.recognize_entities.input as { properties: Record<string, { maximum?: number }> };
  for (const name of ["webhook", "tokens", "masks"]) expect(properties).not.toHaveProperty(name);
  expect(properties.wait_seconds?.maximum).toBe(LIMITS.waitSeconds);
});
