import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readPythonLiteral } from "../../../../src/stages/replies/python-literal.ts";

/** A value as Python's `repr` writes it. */
function repr(value: unknown): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "number") return Object.is(value, -0) ? "-0.0" : String(value);
  if (typeof value === "string") {
    const quote = value.includes("'") && !value.includes('"') ? '"' : "'";
    const escaped = value.replace(/[\\\p{Cc}\p{Cs}\u00a0]/gu, (character) => {
      const known = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" }[character];
      const code = character.charCodeAt(0).toString(16);
      return known ?? (code.length > 2 ? `\\u${code.padStart(4, "0")}` : `\\x${code.padStart(2, "0")}`);
    });
    return `${quote}${escaped.replaceAll(quote, `\\${quote}`)}${quote}`;
  }
  if (Array.isArray(value)) return `[${value.map(repr).join(", ")}]`;
  return `{${Object.entries(value as object)
    .map(([key, item]) => `${repr(key)}: ${repr(item)}`)
    .join(", ")}}`;
}

test("reads back what repr writes, whatever the value", () => {
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constant(null),
      fc.boolean(),
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.string({ unit: "binary" }),
      fc.array(tie("value"), { maxLength: 4 }),
      fc.dictionary(fc.string({ unit: "grapheme" }), tie("value"), { maxKeys: 4, noNullPrototype: true }),
    ),
  }));
  fc.assert(
    fc.property(value, (given) => {
      expect(readPythonLiteral(repr(given))).toEqual(given);
    }),
  );
});

test("does not throw, whatever the text", () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.constantFrom("{", "}", "[", "]", "(", ")", "'", '"', "\\", ",", ":", "1", "-", ".", "e", "None", "x", " "),
      ),
      (parts) => {
        readPythonLiteral(parts.join(""));
      },
    ),
  );
});

describe("a literal", () => {
  test.each<[text: string, value: unknown]>([
    [
      "{'<OD>': {'bboxes': [[34.23999786376953, 160.0]], 'labels': ['car']}}",
      { "<OD>": { bboxes: [[34.23999786376953, 160]], labels: ["car"] } },
    ],
    [" [ 1 , -2.5 , +3 , 1e-3 , .5 , 7. , ] ", [1, -2.5, 3, 0.001, 0.5, 7]],
    ["(1, 2)", [1, 2]],
    ["(1,)", [1]],
    ["(1)", 1],
    ["()", []],
    ["{}", {}],
    ["{1: 'a', True: 'b',}", { "1": "a", true: "b" }],
    ["[True, False, None]", [true, false, null]],
    [`"it's"`, "it's"],
    ["'it\\'s \\\"so\\\"'", 'it\'s "so"'],
    ["'\\x41\\u00e9\\U0001f600\\n\\t\\\\'", "Aé😀\n\t\\"],
    ["'\\q'", "\\q"],
    ["'日本 — 😀'", "日本 — 😀"],
  ])("is read: %s", (text, value) => {
    expect(readPythonLiteral(text)).toEqual(value);
  });

  test("keeps the keys __proto__ and constructor as plain keys", () => {
    const read = readPythonLiteral("{'__proto__': {'polluted': 1}, 'constructor': 2}") as object;
    expect(Object.keys(read)).toEqual(["__proto__", "constructor"]);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
  });
});

describe("anything else", () => {
  test.each([
    ["an empty text", ""],
    ["a name", "x"],
    ["a call", "__import__('os').system('true')"],
    ["a call inside", "{'a': print(1)}"],
    ["an expression", "1 + 1"],
    ["JSON's true and null", "[true, null]"],
    ["a word that begins with None", "Nonesuch"],
    ["a set", "{1, 2}"],
    ["an f-string", "f'{1}'"],
    ["bytes", "b'a'"],
    ["two values", "1 2"],
    ["two commas", "[1,,2]"],
    ["a comma first", "[,1]"],
    ["no comma", "[1 2]"],
    ["no colon", "{'a' 1}"],
    ["a list as a key", "{[1]: 2}"],
    ["an unclosed list", "[1, 2"],
    ["an unclosed string", "'a"],
    ["a string over two lines", "'a\nb'"],
    ["an incomplete escape", "'\\x4'"],
    ["a code point beyond Unicode", "'\\U00110000'"],
    ["brackets that do not match", "[1)"],
    ["NaN", "nan"],
    ["a complex number", "1j"],
  ])("returns undefined when the text is %s", (_, text) => {
    expect(readPythonLiteral(text)).toBeUndefined();
  });

  test("returns undefined when lists are nested too deep, and reads 16 levels", () => {
    expect(readPythonLiteral("[".repeat(1_000) + "]".repeat(1_000))).toBeUndefined();
    expect(readPythonLiteral("[".repeat(1_000_000))).toBeUndefined();
    expect(readPythonLiteral("[".repeat(16) + "]".repeat(16))).toEqual(JSON.parse("[".repeat(16) + "]".repeat(16)));
  });

  test("takes linear time when the text has 20,000 lists", () => {
    const items = Array.from({ length: 20_000 }, () => "[1.5, 2.5, 3.5, 4.5]");
    expect(readPythonLiteral(`[${items.join(", ")}]`)).toHaveLength(20_000);
  });
});
