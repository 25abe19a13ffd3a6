import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LIMITS } from "../../../schemas/limits.ts";
import { toPointer } from "../../../schemas/pointer.ts";
import { RecognizeRequest } from "../../../schemas/recognize.ts";
import { SegmentRequest } from "../../../schemas/stage-routes.ts";
import { checkJson } from "../../../src/request/check-json.ts";

/** JSON that has `inner` under a name, or at an index behind other items. */
const enclose = (inner: string, step: string | number, gap: string) =>
  typeof step === "number"
    ? `[${'{"x":[","]},'.repeat(step)}${gap}${inner},"y"]`
    : `{"${"z".repeat(9)}":["{"],${gap}${JSON.stringify(step)}${gap}:${inner}}`;

const nested = (levels: number) => "[".repeat(levels) + "]".repeat(levels);

describe("checkJson", () => {
  test("accepts what JSON.stringify writes when it is shallow enough", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: LIMITS.jsonDepth - 2 }), (value) => {
        expect(() => checkJson(JSON.stringify(value))).not.toThrow();
        expect(() => checkJson(JSON.stringify(value, null, 2))).not.toThrow();
      }),
    );
  });

  test("refuses one level more than the limit, and not the limit", () => {
    expect(() => checkJson(nested(LIMITS.jsonDepth))).not.toThrow();
    expect(() => checkJson(nested(LIMITS.jsonDepth + 1))).toThrow(`more than ${LIMITS.jsonDepth} levels`);
  });

  test.each([
    ['{"a":1,"a":2}', "/a"],
    ['{"a":1, "b":{"a":2}, "\\u0061" : 3}', "/a"],
    ['[{"x~/y":1,"x~/y":1}]', "/0/x~0~1y"],
    [`{"a":1,"a"${" ".repeat(150)}:2}`, "/a"],
    ['{"thresholds":{"mention":0,"mention":1}}', "/thresholds/mention"],
    ['{"entities":[{"start":0},{"start":[{}, 0],"end":1,"start":2}]}', "/entities/1/start"],
    ['{"a":[1,{"a":2},[3,4],{"b":[],"c":{},"b":"x"}]}', "/a/3/b"],
    ['{"":{"":1,"":2}}', "//"],
  ])("refuses a name that is given twice in one object: %s", (text, pointer) => {
    expect(() => checkJson(text)).toThrow(
      expect.objectContaining({ fields: { errors: [{ pointer, detail: "is given more than once" }] } }),
    );
  });

  test("points to the second of two equal names, wherever they are and whatever is between them", () => {
    const space = fc.string({ unit: fc.constantFrom(" ", "\n", "\t", "\r"), maxLength: 200 });
    const key = fc.oneof(fc.string(), fc.nat(5));
    const value = fc.jsonValue({ maxDepth: 3 });
    fc.assert(
      fc.property(fc.array(key, { maxLength: 8 }), fc.string(), value, value, space, (path, name, a, b, gap) => {
        const written = JSON.stringify(name);
        const twice = `{${written}:${JSON.stringify(a)},${gap}${written}${gap}:${JSON.stringify(b)}}`;
        const text = path.reduceRight<string>((inner, step) => enclose(inner, step, gap), twice);
        const inside = [...path, name].reduce<unknown>((outer, step) => (outer as never)[step], JSON.parse(text));
        expect(inside).toEqual(JSON.parse(JSON.stringify(b)));
        const errors = [{ pointer: toPointer([...path, name]), detail: "is given more than once" }];
        expect(() => checkJson(text)).toThrow(expect.objectContaining({ fields: { errors } }));
      }),
    );
  });

  test.each([
    ["", 0],
    ["1", 1],
    ["{}", 1],
    ['{"a":1}', 3],
    [' [ 1 , -2.5e+3,true,null ,"a\\"b", [ ] ] ', 7],
    ['{"a":{"b":[1,2]},"c":"d"}', 9],
    ["[1 2 3", 4],
  ])("counts the values and names of %s: %i", (text, count) => {
    const check = (jsonValues: number) => checkJson(text, ["boxes"], { ...LIMITS, jsonValues } as never);
    expect(() => check(count)).not.toThrow();
    if (count === 0) return;
    const errors = [{ pointer: "/boxes", detail: `has more than ${count - 1} values and names`, limit: count - 1 }];
    expect(() => check(count - 1)).toThrow(expect.objectContaining({ code: "invalid_request", fields: { errors } }));
  });

  test("counts what any JSON has", () => {
    const size = (value: unknown): number =>
      typeof value !== "object" || value === null
        ? 1
        : Object.values(value).reduce((sum, inner) => sum + size(inner) + (Array.isArray(value) ? 0 : 1), 1);
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.nat(2), (value, indent) => {
        const [count, text] = [size(JSON.parse(JSON.stringify(value))), JSON.stringify(value, null, indent)];
        expect(() => checkJson(text, [], { ...LIMITS, jsonValues: count } as never)).not.toThrow();
        expect(() => checkJson(text, [], { ...LIMITS, jsonValues: count - 1 } as never)).toThrow("values and names");
      }),
    );
  });

  test("ends with a problem or without one for a text that is not JSON", () => {
    const pieces = fc.constantFrom(
      "{",
      "}",
      "[",
      "]",
      ",",
      ":",
      '"',
      "\\",
      '"a"',
      '"\\x"',
      "1",
      "tru",
      " ",
      "\n",
      "\u0001",
      "é",
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 60 }), (parts) => {
        try {
          checkJson(parts.join(""));
        } catch (error) {
          expect(error).toMatchObject({ name: "ProblemError", code: "invalid_request" });
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test.each([
    [
      "recognize",
      {
        tokens: Array(LIMITS.tokens).fill("x"),
        entities: Array.from({ length: LIMITS.entities }, (_, start) => ({ start, end: start + 1, type: "1" })),
        labels: Array.from({ length: LIMITS.labels }, (_, index) => String(index + 1)),
        thresholds: { mention: 0, visible: 0, region: 0 },
        ...{ image: "a", task: "mner", mode: "fast", masks: "rle", store: true, max_entities: 1 },
        offset_encoding: "token",
      },
      RecognizeRequest,
    ],
    [
      "segment",
      {
        image: "a",
        boxes: Array.from({ length: LIMITS.boxes }, (_, id) => ({
          id: String(id),
          box: { xmin: 0, ymin: 0, xmax: 1, ymax: 1 },
          type: "PER",
        })),
        ...{ masks: "rle", store: true },
      },
      SegmentRequest,
    ],
  ])("accepts the largest request that %s takes", (_, request, schema) => {
    expect(schema.safeParse(request).error?.issues).toBeUndefined();
    expect(() => checkJson(JSON.stringify(request))).not.toThrow();
  });

  test("stops at the limit: it reads nothing behind it", () => {
    const reads: number[] = [];
    const text = new Proxy(Object("[".repeat(1_000)), {
      get(target, name) {
        if (typeof name === "string" && /^\d+$/.test(name)) reads.push(Number(name));
        return Reflect.get(target, name);
      },
    });
    expect(() => checkJson(text as string)).toThrow(`more than ${LIMITS.jsonDepth} levels`);
    expect(Math.max(...reads)).toBe(LIMITS.jsonDepth);
  });

  test("points to where the text is in the request", () => {
    const errors = [{ pointer: "/thresholds/a", detail: "is given more than once" }];
    const refused = expect.objectContaining({ fields: { errors } });
    expect(() => checkJson('{"a":1,"a":2}', ["thresholds"])).toThrow(refused);
  });

  test.each(['{"a":"a","b":["a","a"]}', '{"a":{"a":{"a":1}}}', '["{\\"a\\":1,\\"a\\":2}"]'])(
    "accepts a name again where it is a value or in another object: %s",
    (text) => {
      expect(() => checkJson(text)).not.toThrow();
    },
  );
});
