import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { afterThoughts, extractJson, jsonIn } from "../../../../src/stages/replies/extract-json.ts";

describe("JSON in a reply: what hosted-apis section 5.6 has seen", () => {
  test.each<[what: string, reply: string, found: unknown]>([
    ["bare", '{"a":1}', { a: 1 }],
    ["an array", " [1, 2]\n", [1, 2]],
    ["in a fence", '```json\n{"a":[{"b":"}"}]}\n```', { a: [{ b: "}" }] }],
    ["behind prose and before it", 'Sure! Here it is:\n{"a":"\\"{"}\nAnything else?', { a: '"{' }],
    ["behind braces of prose", 'The set {of names} is {"a":1}', { a: 1 }],
    ["behind a bracket that nothing closes", 'see [here: {"a":1}', { a: 1 }],
    ["behind thoughts with a draft", '<think>Maybe {"a":0}?</think>{"a":1}', { a: 1 }],
    ["behind thoughts whose opening mark is in the prompt", 'Maybe {"a":0}?\n</think>\n\n{"a":1}', { a: 1 }],
    ["behind thoughts that speak of their mark", '<think>"</think>" ends {"a":0}</think>{"a":1}', { a: 1 }],
  ])("%s", (_, reply, found) => {
    expect(extractJson(reply)).toEqual(found);
  });

  test.each([[""], ["no"], ["{"], ['{"a":'], ["<think>"], ['<think> {"a":1}'], ["{'a': 1}"]])("none in %j", (reply) => {
    expect(extractJson(reply)).toBeUndefined();
  });

  test("every one, outer before inner, in order: a schema that is echoed does not hide the answer", () => {
    expect([...jsonIn('{"type":"object","properties":{}} then [{"a":1}] {"b":2}')]).toEqual([
      { type: "object", properties: {} },
      [{ a: 1 }],
      { b: 2 },
    ]);
  });

  test("of one that was cut off, what is whole", () => {
    expect([...jsonIn('[{"a":1},{"a":2},{"a":')]).toEqual([{ a: 1 }, { a: 2 }]);
  });

  test("is found wherever it stands", () => {
    const object = fc.dictionary(fc.string(), fc.jsonValue());
    const prose = fc.string().map((text) => text.replace(/[[\]{}"]|<\/?think>/g, ""));
    fc.assert(
      fc.property(prose, object, prose, (before, value, after) => {
        const json = JSON.stringify(value);
        fc.pre(!json.includes("</think>"));
        expect(extractJson(`${before}${json}${after}`)).toEqual(JSON.parse(json));
      }),
    );
  });

  test("a page of brackets costs little", () => {
    // Every bracket tried to the end would be 2e10 steps: this test would meet its time limit.
    expect(extractJson("[".repeat(200_000))).toBeUndefined();
  });
});

test.each([
  ["Yes", "Yes"],
  ["<think>no, wait</think> Yes", " Yes"],
  ["no, wait</think>Yes", "Yes"],
  ["<think>Okay, the user", ""],
  ["a < b", "a < b"],
])("%j without its thoughts", (reply, words) => {
  expect(afterThoughts(reply)).toBe(words);
});
