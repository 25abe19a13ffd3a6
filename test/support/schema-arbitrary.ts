import { Validator } from "@cfworker/json-schema";
import fc from "fast-check";

export type Schema = { readonly [keyword: string]: unknown };
type Document = { readonly components: { readonly schemas: Readonly<Record<string, Schema>> } };

/** Texts that break code which expects plain words. */
const NASTY = [
  "",
  " ",
  "\u0000",
  "🚀",
  "\ud83d",
  "e\u0301",
  "שלום",
  "中文",
  "@NASA #moon",
  "<script>",
  '"}]',
  "__proto__",
  "x".repeat(300),
  "\u202e",
  "NaN",
];

const validators = new Map<Schema, (value: unknown) => boolean>();

/** Whether a schema of an OpenAPI document lets a value pass. */
function allows(schema: Schema, document: Document): (value: unknown) => boolean {
  const known = validators.get(schema);
  if (known) return known;
  const validator = new Validator({ ...schema, components: document.components } as object, "2020-12");
  const check = (value: unknown) => validator.validate(value).valid;
  validators.set(schema, check);
  return check;
}

/** The same values, and of the texts that hold JSON those whose JSON the schema describes. */
export function allowedValue(schema: Schema, document: Document, images: fc.Arbitrary<string>): fc.Arbitrary<unknown> {
  return validValue(schema, document, images).filter(allows(schema, document));
}

/**
 * Values that a schema of an OpenAPI document lets pass, of the size that a person would send, but for rules on several
 * fields. Fields called `image` are drawn from `images`.
 */
export function validValue(schema: Schema, document: Document, images: fc.Arbitrary<string>): fc.Arbitrary<unknown> {
  const of = (inner: unknown, name = ""): fc.Arbitrary<unknown> =>
    name === "image" ? images : validValue(inner as Schema, document, images);
  if (typeof schema.$ref === "string") return of(document.components.schemas[schema.$ref.split("/").at(-1) ?? ""]);
  if (Array.isArray(schema.enum)) return fc.constantFrom(...schema.enum);
  if ("const" in schema) return fc.constant(schema.const);
  if (Array.isArray(schema.anyOf) && schema.type === undefined) return fc.oneof(...schema.anyOf.map((one) => of(one)));
  const [low, high] = [Number(schema.minimum ?? -1e6), Number(schema.maximum ?? 1e6)];
  switch (schema.type) {
    case "string": {
      if (schema.contentSchema)
        return allowedValue(schema.contentSchema as Schema, document, images).map((value) => JSON.stringify(value));
      const most = Math.min(Number(schema.maxLength ?? 40), 40);
      const least = Number(schema.minLength ?? 0);
      const nasty = NASTY.filter(({ length }) => length >= least && length <= Number(schema.maxLength ?? 1000));
      const pattern = new RegExp(String(schema.pattern ?? ""));
      if (pattern.source.startsWith("^")) return fc.stringMatching(pattern);
      return fc
        .oneof(
          fc.string({ minLength: least, maxLength: most }),
          fc.constantFrom(...nasty, "Eileen Collins met Felix in Houston"),
        )
        .filter((text) => pattern.test(text));
    }
    case "integer":
      return fc.oneof(
        fc.integer({ min: Math.max(low, 0), max: Math.max(low, Math.min(high, 12)) }),
        fc.constantFrom(low, high),
      );
    case "number":
      return fc.oneof(
        fc.double({ min: low, max: high, noNaN: true }),
        fc.integer({ min: Math.max(0, Math.ceil(low)), max: Math.min(80, high) }),
      );
    case "boolean":
      return fc.boolean();
    case "array":
      if (Array.isArray(schema.prefixItems)) return fc.tuple(...schema.prefixItems.map((item) => of(item)));
      return fc.array(of(schema.items), {
        minLength: Number(schema.minItems ?? 0),
        maxLength: Math.min(Number(schema.maxItems ?? 4), 4),
      });
    default: {
      const properties = Object.entries((schema.properties ?? {}) as Record<string, Schema>);
      const model = Object.fromEntries(properties.map(([name, inner]) => [name, of(inner, name)]));
      const required = (schema.required ?? []) as string[];
      // Rules on required fields are written as `if` one is there, `else` the other must be.
      const rules = [schema.if, schema.else] as Array<{ required?: string[] } | undefined>;
      const alone = (schema.then as Schema | undefined)?.additionalProperties === false ? schema.then : undefined;
      const choices = schema.if ? rules.map((rule) => rule?.required ?? []) : [[]];
      return fc.oneof(
        ...choices.map((chosen, index) => {
          const others = new Set(choices.flat().filter((name) => !chosen.includes(name)));
          const only = index === 0 && alone ? Object.keys((alone as { properties: object }).properties) : null;
          const kept = Object.fromEntries(
            Object.entries(model).filter(([name]) => !others.has(name) && (only?.includes(name) ?? true)),
          );
          return fc.record(kept, { requiredKeys: [...required, ...chosen] });
        }),
      );
    }
  }
}

/**
 * The same with something wrong: a field of any kind at all, one too many, one too few, or all of it something else.
 */
export function wildValue(schema: Schema, document: Document, images: fc.Arbitrary<string>): fc.Arbitrary<unknown> {
  const anything = fc.oneof(
    fc.jsonValue({ maxDepth: 3 }),
    fc.constantFrom<unknown>(...NASTY, -1, 1e308, 2 ** 53, [], {}, null),
  );
  const valid = validValue(schema, document, images);
  const resolved =
    typeof schema.$ref === "string" ? document.components.schemas[schema.$ref.split("/").at(-1) ?? ""] : schema;
  const names = Object.keys((resolved?.properties ?? {}) as object);
  const changed = fc
    .tuple(valid, fc.constantFrom(...names, "unknown", "Text", "__proto__"), anything, fc.boolean())
    .map(([value, name, other, drop]) => {
      const entries = Object.entries(value as object).filter(([key]) => key !== name);
      return Object.fromEntries(drop ? entries : [...entries, [name, other]]);
    });
  return fc.oneof({ weight: 8, arbitrary: changed }, { weight: 1, arbitrary: anything });
}
