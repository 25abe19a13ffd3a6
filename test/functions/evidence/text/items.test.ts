import { describe, expect, test } from "vitest";
import { readItems } from "../../../../functions/evidence/text/items.ts";

const texts = (text: string, names: string[] = []) => readItems(text, names).map((item) => item.text);
const namesIn = (text: string, names: string[]) => readItems(text, names).flatMap((item) => item.names);

describe("readItems", () => {
  test("reads words, marks and lines, and no spaces", () => {
    expect(texts("Hi  Ana,\r\n\nbye 📸\uFE0F!")).toEqual(["hi", "ana", ",", "\n\n", "bye", "📸", "!"]);
  });

  test("reads negations and possessives in every spelling", () => {
    expect(texts("isn't isn’t isn ' t isnt")).toEqual(["is", "not", "is", "not", "is", "not", "is", "not"]);
    expect(texts("can't cannot won't")).toEqual(["can", "not", "can", "not", "will", "not"]);
    expect(texts("Ana's Ana ’ s")).toEqual(["ana", "'s", "ana", "'s"]);
  });

  test.each([
    ["Ana and ANA and ana", ["Ana"], [0, 0, 0]],
    ["@Ana_1 and @ana, #ana", ["Ana"], [0, 0]],
    ["Anabel and Banana", ["Ana"], []],
    ["Ana Ruiz and Ana", ["Ana", "Ana Ruiz"], [1, 0]],
    ["#AnaRuiz", ["Ana Ruiz"], [0]],
    ["J.K. Rowling", ["J. K. Rowling"], [0]],
    ["O’Brien's", ["O'Brien"], [0]],
    ["Jose\u0301", ["José"], [0]],
    ["小明和小红", ["小红", "小明"], [1, 0]],
    ["Ana", ["Ana", "ana"], [0, 1]],
    ["Ana", ["", "Ana"], [1]],
  ])("%j has the names %j at %j", (text, names, expected) => {
    expect(namesIn(text, names)).toEqual(expected);
  });

  test("tells the names of things from those that are asked about", () => {
    const kinds = readItems("Ana of Lima and Paris", ["Ana", "Paris"], ["Lima", "Paris"]).map(({ kind }) => kind);
    expect(kinds).toEqual(["name", "word", "thing", "word", "name"]);
  });

  test("keeps the sign and the capital of a name", () => {
    expect(readItems("#Ana", ["ana"])).toEqual([{ kind: "name", text: "ana", capital: true, prefix: "#", names: [0] }]);
  });

  test("a hundred names that begin alike cost no more steps than one", () => {
    const names = Array.from({ length: 100 }, (_, index) => `${"a ".repeat(40)}b${index}`);
    expect(namesIn(`${"a ".repeat(4_900)}b7`, names)).toEqual([7]);
  });
});
