import { join } from "node:path";
import { expect, it } from "vitest";
import { readText } from "../../../../eval/readers/text-file.ts";
import { folderOf } from "../../../support/evaluation-files.ts";

const read = (content: string | Buffer) => readText(join(folderOf({ file: content }), "file"));

it.each([
  ["", ""],
  ["\ufeff", ""],
  ["\ufeffKoché\r\n💨\ufeff", "Koché\r\n💨\ufeff"],
])("reads %j without a byte order mark", async (content, text) => {
  expect(await read(content)).toBe(text);
});

it.each([
  [Buffer.from("a\nb\ncaf\u00e9\nd\n", "latin1"), "line 3 is not UTF-8"],
  [Buffer.from("caf\u00e9", "latin1"), "line 1 is not UTF-8"],
  [Buffer.from([0x61, 0x0a, 0xf0, 0x9f]), "line 2 is not UTF-8"],
  [Buffer.from([0xff]), "line 1 is not UTF-8"],
  [Buffer.from("\ufeffImageid", "utf16le"), "it is UTF-16, and must be UTF-8"],
])("refuses %j", async (content, reason) => {
  await expect(read(content)).rejects.toThrow(reason);
});

it("throws when there is no file", async () => {
  await expect(readText(join(folderOf({}), "none"))).rejects.toThrow("ENOENT");
});
