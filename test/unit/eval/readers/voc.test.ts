import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readVoc, readVocFolder, vocFolderOf } from "../../../../eval/readers/voc.ts";
import { folderOf, vocXml } from "../../../support/evaluation-files.ts";

describe("readVoc", () => {
  it("reads each object's name, unescaped, and its box", () => {
    const xml = vocXml([
      ["AT &amp; T", [1, 2, 30, 40]],
      ["1975", [5.5, 6, 7, 8]],
    ]);
    expect(readVoc(xml)).toEqual([
      { name: "AT & T", box: [1, 2, 30, 40] },
      { name: "1975", box: [5.5, 6, 7, 8] },
    ]);
  });

  it("reads a file without objects as no boxes", () => {
    expect(readVoc("<annotation><size><width>1</width></size></annotation>")).toEqual([]);
  });

  it("says which object has no name or no edge", () => {
    expect(() => readVoc("<object><bndbox/></object>")).toThrow("object 1 has no name");
    expect(() => readVoc("<object><name>Ted</name><xmin>1</xmin></object>")).toThrow("object 1 has no number as ymin");
  });
});

describe("readVocFolder", () => {
  it("leaves out posts without a file, and never reads outside the folder", async () => {
    const folder = folderOf({ "xml/1.xml": vocXml([["Ted", [1, 2, 3, 4]]]), "2.xml": vocXml([["Ted", [1, 2, 3, 4]]]) });
    const objects = await readVocFolder(join(folder, "xml"), ["1", "2", "../2"]);
    expect([...objects.keys()]).toEqual(["1"]);
  });

  it("names the file that is malformed", async () => {
    const folder = folderOf({ "1.xml": "<object></object>" });
    await expect(readVocFolder(folder, ["1"])).rejects.toThrow(/1\.xml: object 1 has no name/);
  });
});

describe("vocFolderOf", () => {
  it("finds a folder xml beside the text or beside the text's folder", () => {
    const folder = folderOf({ "xml/1.xml": "", "test.txt": "", "txt/test.txt": "" });
    expect(vocFolderOf(join(folder, "test.txt"))).toBe(join(folder, "xml"));
    expect(vocFolderOf(join(folder, "txt/test.txt"))).toBe(join(folder, "xml"));
    expect(vocFolderOf(join(folder, "other/txt/test.txt"))).toBeNull();
  });
});
