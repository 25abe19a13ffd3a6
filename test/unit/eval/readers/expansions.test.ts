import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readExpansions } from "../../../../eval/readers/expansions.ts";
import { folderOf } from "../../../support/evaluation-files.ts";

const read = (content: string, ids: string[] = []) =>
  readExpansions(join(folderOf({ file: content }), "file"), ids).then((expansions) =>
    expansions.map(({ id, name, type, text, method }) => [id, name, type, text, method]),
  );
const lines = (...values: object[]) => values.map((value) => `${JSON.stringify(value)}\n`).join("");

/** An answer of the API: the fields that are read, and some others. */
const entity = (text: string, type: string, expression: object | null) => ({ id: "e1", text, type, expression });
const result = (id: string | null, line: number, entities: object[] | null) => ({
  number: line,
  line,
  id,
  state: entities ? "succeeded" : "failed",
  answer: entities && { id: `req_01ARZ3NDEKTSV4RRFFQ69G5FAV-${line}`, offset_encoding: "utf-16", entities },
  problem: null,
});

describe("readExpansions", () => {
  it("reads our own lines, with the method where one is given", async () => {
    const own = lines(
      { id: "7.jpg", text: "Ted Cruz", type: "PER", expansion: " a senator ", model: "any" },
      { id: "7", text: "Rome", type: "MISC", expansion: "Rome, a location", method: "template" },
      { id: "8", text: "Rome", type: "LOC", expansion: "  " },
    );
    expect(await read(own)).toEqual([
      ["7", "Ted Cruz", "PER", "a senator", "llm"],
      ["7", "Rome", "OTHER", "Rome, a location", "template"],
    ]);
  });

  it("reads the results of a batch, of which some have no answer or no expression", async () => {
    const results = lines(
      result("7", 1, [
        entity("Ted Cruz", "PER", { text: "a senator", method: "llm" }),
        entity("Rome", "LOC", { text: "Rome, a location", method: "template" }),
        entity("ESA", "ORG", null),
        entity("NASA", "ORG", { text: "", method: "llm" }),
      ]),
      result("8", 2, null),
      result(null, 3, [entity("ESA", "ORG", { text: "an agency", method: "llm" })]),
    );
    expect(await read(results, ["7", "8"])).toEqual([
      ["7", "Ted Cruz", "PER", "a senator", "llm"],
      ["7", "Rome", "LOC", "Rome, a location", "template"],
      ["3", "ESA", "ORG", "an agency", "llm"],
    ]);
  });

  it("takes answers with the ids of requests in the order of gold, if they are as many", async () => {
    const answer = (letter: string, name: string) => ({
      id: `req_01ARZ3NDEKTSV4RRFFQ69G5FA${letter}`,
      offset_encoding: "utf-16",
      entities: [entity(name, "LOC", { text: `the city of ${name}`, method: "llm" })],
    });
    const answers = lines(answer("A", "Rome"), answer("B", "Oslo"));
    expect(await read(answers, ["7", "8"])).toEqual([
      ["7", "Rome", "LOC", "the city of Rome", "llm"],
      ["8", "Oslo", "LOC", "the city of Oslo", "llm"],
    ]);
    await expect(read(answers, ["7"])).rejects.toThrow("in their order (2 answers, 1 posts)");
  });

  it("reads RiVEG's gold", async () => {
    const gold =
      "71044.jpg###Garfield Park(LOC)###a park ### with a greenhouse###0###&[0, 0, 0, 0]\r\n\r\n" +
      "7.jpg###:((MISC)###a face###2###&[1.0, 2.0, 3.0, 4.0]&[1, 2, 3, 4]\n";
    expect(await read(gold)).toEqual([
      ["71044", "Garfield Park", "LOC", "a park ### with a greenhouse", "llm"],
      ["7", ":(", "OTHER", "a face", "llm"],
    ]);
  });

  it("reads RiVEG's predictions, without the name before the expression", async () => {
    const predictions =
      "Imageid:O_1.jpg#0f25###Garfield Park(LOC)###Garfield Park(LOC)-A conservatory.###0\n" +
      "Imageid:7.jpg#d56a###Ted(PER)###A man - Ted(PER)-x###2\n" +
      "Imageid:8.jpg#d56b###Ted(PER)###Ted(PER)###2\n";
    expect(await read(predictions)).toEqual([
      ["O_1", "Garfield Park", "LOC", "A conservatory.", "llm"],
      ["7", "Ted", "PER", "A man - Ted(PER)-x", "llm"],
    ]);
  });

  it("reads RiVEG's answers of a language model, which may have several lines", async () => {
    const answers = "\ufeffImageid:7.jpg###Ted(PER)###A man.\n\nHe is Imageid:x tall.\nImageid:8.jpg###ESA(ORG)### \n";
    expect(await read(answers)).toEqual([["7", "Ted", "PER", "A man.\n\nHe is Imageid:x tall.", "llm"]]);
  });

  it.each([
    ["Imageid:7.jpg###a(PER)###x\rImageid:8.jpg###b(PER)###y\r", 'line 1 has "Imageid:" behind its start'],
    ['{"expansion": "x"}', 'line 1 is not {"id", "text", "type", "expansion"}: Error: id: Invalid input'],
    [lines({ id: "7", text: "a", type: "", expansion: "x" }), "type: Too small"],
    [lines({ id: "7", text: "a", type: "PER", expansion: "x", method: "human" }), "method: Invalid option"],
    [lines(result("7", 1, [entity("a", "PER", { text: "x", method: "human" })])), "answer 1 is none of the API's"],
    ["7.jpg###a(PER)###x###0###&[0]\n8.jpg###a(PER)###x\n", "line 2 is not ID.jpg###NAME(TYPE)###description###0|2"],
    [
      "7.jpg###a(PER)###x###0###&[0]\n8.jpg###a###x###0###&[0]\n",
      'line 2 has no type in parentheses behind the name: "a"',
    ],
    [
      "Imageid:7.jpg#k###a(PER)###x###0\nImageid:8.jpg#k###a(PER)###x\n",
      "line 2 is not Imageid:ID.jpg#KEY###NAME(TYPE)",
    ],
    ["Imageid:7.jpg###a(PER)###x\nImageid:8.jpg###a(PER)\n", "line 2 is not Imageid:ID.jpg###NAME(TYPE)###text"],
    ["Imageid:7.jpg###a###x\n", "line 1 has no type in parentheses"],
    ["7\ta man\n", 'the kind of file is not recognized. It begins with "7\\ta man"'],
  ])("refuses %j", async (content, message) => {
    await expect(read(content, ["7"])).rejects.toThrow(message);
  });
});
