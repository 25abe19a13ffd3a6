import { readFile } from "node:fs/promises";

const FILES = ["health", "labels", "primitives", "problem", "recognize", "stage-routes"];

/**
 * What the doc comments in `schemas/` say: of an exported schema, and of the fields in it, also those that it takes
 * over from another.
 */
export interface Comments {
  of(schema: string): string | undefined;
  ofField(schema: string, field: string): string | undefined;
}

/** Read the comments, so that the contract says what the code says and nobody writes it twice. */
export async function readComments(): Promise<Comments> {
  const blocks = new Map<
    string,
    { comment: string | undefined; fields: Map<string, string>; spreads: string[]; kinds: Map<string, string> }
  >();
  for (const file of FILES) {
    const source = await readFile(new URL(`../schemas/${file}.ts`, import.meta.url), "utf8");
    const declarations = source.matchAll(
      /(?:\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\n)?export const (\w+) = ([\s\S]*?)(?=\n(?:\/\*\*|export|const|function)|$)/g,
    );
    for (const [, comment, name = "", body = ""] of declarations) {
      const fields = new Map(
        [...body.matchAll(/\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s+(\w+):/g)].map(([, text = "", field = ""]) => [
          field,
          plain(text),
        ]),
      );
      const spreads = [...body.matchAll(/\.\.\.(\w+)/g)].map(([, other = ""]) => other);
      // A field without a comment of its own has that of the schema which it is.
      const kinds = new Map(
        [...body.matchAll(/(\w+): (?:z\.\w+\()*([A-Z]\w+)/g)].map(([, field = "", kind = ""]) => [field, kind]),
      );
      blocks.set(name, { comment: plain(comment ?? "") || undefined, fields, spreads, kinds });
    }
  }
  const ofField = (schema: string, field: string): string | undefined => {
    const block = blocks.get(schema);
    const own = block?.fields.get(field) ?? blocks.get(block?.kinds.get(field) ?? "")?.comment;
    return own ?? block?.spreads.map((other) => ofField(other, field)).find((text) => text !== undefined);
  };
  return { of: (schema) => blocks.get(schema)?.comment, ofField };
}

/** A comment's sentences on one line, without its tags. */
function plain(comment: string): string {
  return comment
    .replace(/(?:^|\n)\s*\*?\s*@[\s\S]*$/, "")
    .replace(/\s*\n\s*\*?\s*/g, " ")
    .trim();
}
