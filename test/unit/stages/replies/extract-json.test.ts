import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { afterThoughts, jsonIn } from "../../../../src/stages/replies/extract-json.ts";

const firstJson = (reply: string): unknown => jsonIn(reply).next().value;

describe("the first JSON of a reply", () => {
  test.each<[what: string, reply: string, found: unknown]>([
    ["without anything around it", '{"a":1}', { a: 1 }],
    ["as an array", " [1, 2]\n", [1, 2]],
    ["in a fence", '```json\n{"a":[{"b":"}"}]}\n```', { a: [{ b: "}" }] }],
    ["between prose", 'Sure! Here it is:\n{"a":"\\"{"}\nAnything else?', { a: '"{' }],
    ["after prose with braces", 'The set {of names} is {"a":1}', { a: 1 }],
    ["after a bracket that nothing closes", 'see [here: {"a":1}', { a: 1 }],
    ["after reasoning with a draft", '<think>Maybe {"a":0}?</think>{"a":1}', { a: 1 }],
    ["after reasoning whose opening tag is in the prompt", 'Maybe {"a":0}?\n</think>\n\n{"a":1}', { a: 1 }],
    ["after reasoning that quotes its closing tag", '<think>"</think>" ends {"a":0}</think>{"a":1}', { a: 1 }],
  ])("finds JSON %s", (_, reply, found) => {
    expect(firstJson(reply)).toEqual(found);
  });

  test.each([[""], ["no"], ["{"], ['{"a":'], ["<think>"], ['<think> {"a":1}'], ["{'a': 1}"]])(
    "returns undefined when the reply is %j",
    (reply) => {
      expect(firstJson(reply)).toBeUndefined();
    },
  );

  test("finds an object between any prose", () => {
    const object = fc.dictionary(fc.string(), fc.jsonValue());
    const prose = fc.string().map((text) => text.replace(/[[\]{}"]|<\/?think>/g, ""));
    fc.assert(
      fc.property(prose, object, prose, (before, value, after) => {
        const json = JSON.stringify(value);
        fc.pre(!json.includes("</think>"));
        expect(firstJson(`${before}${json}${after}`)).toEqual(JSON.parse(json));
      }),
    );
  });

  test("takes linear time when the reply is 200,000 brackets", () => {
    // Quadratic time would be 2e10 steps, and exceed the test's time limit.
    expect(firstJson("[".repeat(200_000))).toBeUndefined();
  });
});

describe("jsonIn", () => {
  test("yields every value in order, so that an echoed schema does not hide the answer", () => {
    expect([...jsonIn('{"type":"object","properties":{}} then [{"a":1}] {"b":2}')]).toEqual([
      { type: "object", properties: {} },
      [{ a: 1 }],
      { b: 2 },
    ]);
  });

  test("yields the complete values inside a value that was cut off", () => {
    expect([...jsonIn('[{"a":1},{"a":2},{"a":')]).toEqual([{ a: 1 }, { a: 2 }]);
  });
});

describe("afterThoughts", () => {
  test.each([
    ["Yes", "Yes"],
    ["<think>no, wait</think> Yes", " Yes"],
    ["no, wait</think>Yes", "Yes"],
    ["<think>Okay, the user", ""],
    ["a < b", "a < b"],
  ])("returns of %j the text after the reasoning: %j", (reply, text) => {
    expect(afterThoughts(reply)).toBe(text);
  });
});
