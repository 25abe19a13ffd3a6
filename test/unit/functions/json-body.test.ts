import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readJsonBody } from "../../../functions/json-body.ts";

const read = (text: string) => readJsonBody(Buffer.from(text));

describe("readJsonBody", () => {
  test("reads what JSON.parse reads", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 8 }), (value) => {
        const text = JSON.stringify(value);
        expect(read(text)).toEqual({ value: JSON.parse(text) });
      }),
    );
  });

  test("does not count what stands inside strings", () => {
    const text = '[{,"\\'.repeat(60_000);
    expect(read(JSON.stringify({ text }))).toEqual({ value: { text } });
  });

  test.each(["", "{", '"', '"\\"', "[1,]", "{'a':1}", "NaN"])("finds a fault when the body is %o", (text) => {
    expect(read(text)).toEqual({ fault: "not valid JSON" });
  });

  test("finds a fault before it builds anything when a body is deep or has many values", () => {
    expect(read("[".repeat(32) + "]".repeat(32))).toHaveProperty("value");
    expect(read("[".repeat(1_000_000))).toEqual({ fault: "nested deeper than 32 levels" });
    expect(read(`[${"0,".repeat(49_000)}0]`)).toHaveProperty("value");
    expect(read(`[${"0,".repeat(1_000_000)}`)).toEqual({ fault: "has more than 50000 values" });
    expect(read(`[${"[],".repeat(30_000)}[]]`)).toEqual({ fault: "has more than 50000 values" });
  });
});
