import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readPostTexts } from "../../../../eval/readers/post-texts.ts";
import { folderOf } from "../../../support/evaluation-files.ts";

const read = async (content: string) => [...(await readPostTexts(join(folderOf({ file: content }), "file")))];

describe("readPostTexts", () => {
  it("reads JSON lines, whatever other fields they have", async () => {
    const lines = '\n{"id": "7", "text": " a dog\\nruns "}\r\n{"id": "O_8.jpg", "text": "x", "model": "blip2"}\n';
    expect(await read(lines)).toEqual([
      ["7", "a dog\nruns"],
      ["O_8", "x"],
    ]);
  });

  it("reads paragraphs of several lines behind imgid:", async () => {
    const text = "imgid:71044###A park. \n\nIt is green ### and imgid:1 large.\nimgid:O_8###A man.\n";
    expect(await read(text)).toEqual([
      ["71044", "A park. \n\nIt is green ### and imgid:1 large."],
      ["O_8", "A man."],
    ]);
  });

  it("reads a line a picture, and keeps a caption behind its first colon", async () => {
    expect(await read("108911.jpg :the bears: a game\r\n\r\n16_05_1.JPEG :\n7.png : two people :) \n")).toEqual([
      ["108911", "the bears: a game"],
      ["7", "two people :)"],
    ]);
  });

  it("takes the last of two texts of one id, and leaves empty ones out", async () => {
    expect(await read('{"id": "7", "text": "a"}\n{"id": "7", "text": "b"}\n{"id": "8", "text": " "}')).toEqual([
      ["7", "b"],
    ]);
  });

  it.each([
    ["{\n", 'line 1 is not {"id", "text"}'],
    ['{"id": "7", "text": "a"}\n{"id": "8"}\n', 'line 2 is not {"id", "text"}: Error: text: Invalid input'],
    ['{"id": 7, "text": "a"}\n', "id: Invalid input"],
    ['{"id": "", "text": "a"}\n', "id: Too small"],
    ["imgid:7###a\nb\nimgid:8 c\n", 'line 3 is not imgid:ID###paragraph: "imgid:8 c"'],
    ["imgid:7###a\nb imgid:8###c\n", 'line 2 has "imgid:" behind its start: a line break is missing'],
    ["imgid:###a\n", "line 1 is not imgid:ID###paragraph"],
    ["7.jpg :a\n\n8.gif :b\n", 'line 3 is not ID.jpg :caption: "8.gif :b"'],
    ["7: a dog\n", 'the kind of file is not recognized. It begins with "7: a dog".'],
  ])("refuses %j", async (content, message) => {
    await expect(read(content)).rejects.toThrow(message);
  });
});
