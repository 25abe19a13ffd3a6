import { describe, expect, test } from "vitest";
import { readComments } from "../../../scripts/schema-comments.ts";

const MODULES: Record<string, string> = {
  "file:///a.ts": `
    import * as z from "zod/mini";
    import { Base as Renamed, Length, type Other } from "./b.ts";
    /** Not exported. */
    const Inner = z.strictObject({
      /** How long, over
       * two lines. */
      length: z.optional(Length),
      plain: z.string(),
    });
    /**
     * The whole thing.
     *
     * @example { "inner": {} }
     */
    export const Outer = z
      .object({
        ...Renamed.shape,
        inner: z.nullable(z._default(Inner, {})),
        list: z.array(z.object({
          /** In a list. */
          length: z.number(),
        })).check(z.minLength(1)),
        size: Length,
        either: z.union([Inner, z.array(z.number())]),
        text: Renamed.shape.text,
        ...{
          /** Spread from a literal; \`*\` and : stay. */
          spread: z.string(),
        },
      })
      .check(z.refine(() => true));
    export type Outer = z.infer<typeof Outer>;
  `,
  "file:///b.ts": `
    /** In pixels. */
    export const Length = z.number();
    /* not a doc comment */
    export const Base = z.object({
          /** What it says. */
          text: z.string(),
        });
  `,
};
const comments = await readComments(new URL("file:///a.ts"), async ({ href }) => MODULES[href] ?? "");
const outer = comments.get("Outer");

describe("readComments", () => {
  test("returns a schema's comment without its tags", () => {
    expect(outer?.comment).toBe("The whole thing.");
  });

  test("puts a comment on the field before which it stands, and on no other field of the same name", () => {
    expect(outer?.fields.get("inner")?.fields.get("length")?.comment).toBe("How long, over two lines.");
    expect(outer?.fields.get("list")?.items?.fields.get("length")?.comment).toBe("In a list.");
    expect(outer?.fields.get("either")?.fields.get("length")?.comment).toBe("How long, over two lines.");
    expect(outer?.fields.get("inner")?.fields.get("plain")?.comment).toBeUndefined();
  });

  test("gives a field without a comment that of the schema it is", () => {
    expect(outer?.fields.get("inner")?.comment).toBe("Not exported.");
    expect(outer?.fields.get("size")?.comment).toBe("In pixels.");
    expect(outer?.fields.get("text")?.comment).toBe("What it says.");
    const own = [...(outer?.fields ?? [])].filter(([, field]) => field.own).map(([name]) => name);
    expect(own).toEqual(["spread"]);
  });

  test("takes over the fields of what is spread", () => {
    expect(outer?.fields.get("spread")?.comment).toBe("Spread from a literal; `*` and : stay.");
    expect([...(outer?.fields.keys() ?? [])]).toEqual(["text", "inner", "list", "size", "either", "spread"]);
  });

  test("returns nothing for a comment that is not a doc comment", () => {
    expect(comments.get("Renamed")?.comment).toBeUndefined();
  });
});
