import { expect, it } from "vitest";
import * as z from "zod/mini";
import { checked } from "../../../../eval/readers/checked.ts";

it("says in words which field is wrong and why", () => {
  const schema = z.strictObject({ entities: z.array(z.strictObject({ type: z.string() })) });
  expect(checked(schema, { entities: [] }, "the post")).toEqual({ entities: [] });
  expect(() => checked(schema, { entities: [{ type: 1 }] }, "the post", "line 2, ")).toThrow(
    "line 2, entities.0.type: Invalid input: expected string, received number",
  );
  expect(() => checked(schema, { entities: [{ type: "PER", box: 1 }] }, "the post")).toThrow('"box"');
  expect(() => checked(schema, 7, "the post")).toThrow("the post: Invalid input");
});
