import { expect, test } from "vitest";
import * as z from "zod/mini";
import { OPERATIONS } from "../../../schemas/operations.ts";
import { toPointer } from "../../../schemas/pointer.ts";
import { invalidRequest } from "../../../src/request/field-errors.ts";

/** What the walk reads of a schema and of its checks. */
interface Definition {
  readonly type: string;
  readonly innerType?: z.core.$ZodType;
  readonly in?: z.core.$ZodType;
  readonly element?: z.core.$ZodType;
  readonly options?: readonly z.core.$ZodType[];
  readonly shape?: Readonly<Record<string, z.core.$ZodType>>;
  readonly values?: readonly unknown[];
  readonly checks?: ReadonlyArray<{ readonly _zod: { readonly def: Check } }>;
}
interface Check {
  readonly check: string;
  readonly value?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: RegExp;
  readonly error?: () => unknown;
}

/** A limit of a field, with a value that breaks it. */
interface Limit {
  readonly path: ReadonlyArray<string | number>;
  readonly limit: number;
  readonly value: unknown;
  /** The fields that choose the form of an object on the way, by the object's path. */
  readonly forms: ReadonlyArray<readonly [path: ReadonlyArray<string | number>, form: object]>;
}

const definitionOf = (schema: z.core.$ZodType) => schema._zod.def as unknown as Definition;

/** A value that a schema of an array's items takes. */
function sampleOf(schema: z.core.$ZodType): unknown {
  const { innerType, element, options, shape } = definitionOf(schema);
  if (innerType) return sampleOf(innerType);
  const fields = Object.entries(shape ?? {}).filter(
    ([, field]) => !z.safeParse(field as z.ZodMiniType, undefined).success,
  );
  const candidates = [
    ...["a", "/a", 1, true, ...(definitionOf(schema).values ?? [])],
    ...Object.values((definitionOf(schema) as { entries?: object }).entries ?? {}),
    ...(options?.slice(0, 1).map(sampleOf) ?? []),
    ...(shape ? [Object.fromEntries(fields.map(([name, field]) => [name, sampleOf(field)]))] : []),
    ...(element ? [[sampleOf(element)]] : []),
  ];
  return candidates.find((candidate) => z.safeParse(schema as z.ZodMiniType, candidate).success);
}

function limitsOf(schema: z.core.$ZodType, path: Limit["path"] = [], forms: Limit["forms"] = []): Limit[] {
  const { innerType, in: input, element, options = [], shape = {}, type, checks = [] } = definitionOf(schema);
  const at = (limit: number, value: unknown): Limit => ({ path, limit, value, forms });
  const many = (length: number) =>
    type === "array" ? Array(length).fill(element && sampleOf(element)) : "x".repeat(length);
  const own = checks.flatMap(({ _zod: { def } }): Limit[] => {
    if (def.check === "less_than") return [at(Number(def.value), Number(def.value) + 1)];
    if (def.check === "greater_than") return [at(Number(def.value), Number(def.value) - 1)];
    if (def.check === "max_length") return [at(Number(def.maximum), many(Number(def.maximum) + 1))];
    return def.check === "min_length" ? [at(Number(def.minimum), many(Number(def.minimum) - 1))] : [];
  });
  const literals = Object.entries(shape).flatMap(([name, field]) => {
    const { type, values = [] } = definitionOf(field);
    return type === "literal" ? [[name, values[0]]] : [];
  });
  const inside = literals.length > 0 ? [...forms, [path, Object.fromEntries(literals)] as const] : forms;
  return [
    ...own,
    ...[innerType ?? [], input ?? [], ...options].flat().flatMap((inner) => limitsOf(inner, path, forms)),
    ...(element ? limitsOf(element, [...path, 0], forms) : []),
    ...Object.entries(shape).flatMap(([name, field]) => limitsOf(field, [...path, name], inside)),
  ];
}

/** A request with a value at a path. */
function withValue(request: unknown, [key, ...rest]: Limit["path"], value: unknown): unknown {
  if (key === undefined) return value;
  if (typeof key === "number") return [withValue({}, rest, value)];
  const fields = typeof request === "object" && request !== null && !Array.isArray(request) ? request : {};
  return { ...fields, [key]: withValue((fields as Record<string, unknown>)[key], rest, value) };
}

const cases = OPERATIONS.flatMap(({ id, request, query }) =>
  [request, query].flatMap((part) =>
    part === undefined
      ? []
      : limitsOf(part.schema).map((limit) => {
          return { id, field: `${toPointer(limit.path)} at ${limit.limit}`, schema: part.schema, ...limit };
        }),
  ),
);

test("every kind of limit is found in the schemas of the operations", () => {
  expect(cases.length).toBeGreaterThan(100);
  const found = cases.map(({ id, field }) => `${id} ${field}`);
  expect(found).toEqual(
    expect.arrayContaining([
      "recognize /deadline_ms at 900000",
      "recognize /entities at 100",
      "recognize /labels/0 at 60",
      "createBatch /max_concurrent at 1",
      "getBatch /wait at 60",
      "createSource /signature/tolerance_seconds at 3600",
    ]),
  );
});

test.each(cases)("$id: a refusal names the field $field, its limit and what was sent", (one) => {
  const { schema, path, limit, value, forms } = one;
  const formed = forms.reduce<unknown>((request, [at, form]) => withValue(request, at, form), {});
  const request = withValue(formed, path, value);
  const parsed = z.safeParse(schema, request);
  if (parsed.success) throw new Error("the schema takes it");
  const { errors = [] } = invalidRequest(parsed.error.issues, request, schema).fields;
  const error = errors.find(({ pointer, limit: named }) => pointer === toPointer(path) && named === limit);
  expect(error?.detail).toContain(String(limit));
  expect(error?.value).toBeDefined();
});

/** The patterns of a schema that bound a length from both sides, and their messages. */
function patternsOf(schema: z.core.$ZodType): Array<{ pattern: string; message: string }> {
  const { innerType, in: input, element, options = [], shape = {}, checks = [] } = definitionOf(schema);
  const own = checks.flatMap(({ _zod: { def } }) =>
    /\{\d+,\d+\}/.test(String(def.pattern)) ? [{ pattern: String(def.pattern), message: String(def.error?.()) }] : [],
  );
  const inner = [innerType ?? [], input ?? [], element ?? [], options, Object.values(shape)].flat();
  return [...own, ...inner.flatMap(patternsOf)];
}

test("a pattern that bounds a length names a number", () => {
  const patterns = OPERATIONS.flatMap(({ request, query }) =>
    [request, query].flatMap((part) => (part ? patternsOf(part.schema) : [])),
  );
  // An amount's message is the reader's own.
  const own = patterns.filter(({ pattern }) => !pattern.includes("[1-9]\\d{0,5}"));
  expect(own.length).toBeGreaterThan(3);
  expect(own.filter(({ message }) => !/\d/.test(message))).toEqual([]);
});
