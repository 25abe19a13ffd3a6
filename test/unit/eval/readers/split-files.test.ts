import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { splitFileOf, splitFilesOf } from "../../../../eval/readers/split-files.ts";
import { folderOf } from "../../../support/evaluation-files.ts";

describe("splitFilesOf", () => {
  it("finds the splits of a folder, or of the folder txt in it, in their order", () => {
    const folder = folderOf({
      "set/txt/test.txt": "",
      "set/txt/train.txt": "",
      "plain/valid.txt": "",
      "plain/a.txt": "",
    });
    const [set, plain] = [join(folder, "set"), join(folder, "plain")];
    expect(splitFilesOf(set)).toEqual([join(set, "txt/train.txt"), join(set, "txt/test.txt")]);
    expect(splitFilesOf(plain)).toEqual([join(plain, "valid.txt")]);
    expect(splitFilesOf(join(plain, "a.txt"))).toEqual([join(plain, "a.txt")]);
    expect(() => splitFilesOf(folder)).toThrow(`${folder} has none of train.txt, dev.txt, valid.txt, test.txt`);
    expect(() => splitFilesOf(join(folder, "none"))).toThrow(`there is no ${join(folder, "none")}`);
  });
});

describe("splitFileOf", () => {
  it("is the named split, the only one, or the file itself", () => {
    const folder = folderOf({ "two/dev.txt": "", "two/test.txt": "", "one/dev.txt": "" });
    expect(splitFileOf(join(folder, "two"), "test")).toBe(join(folder, "two/test.txt"));
    expect(splitFileOf(join(folder, "one"), undefined)).toBe(join(folder, "one/dev.txt"));
    expect(splitFileOf(join(folder, "two/dev.txt"), undefined)).toBe(join(folder, "two/dev.txt"));
  });

  it("says which splits there are when none or another one is named, and that a file has none", () => {
    const folder = folderOf({ "dev.txt": "", "test.txt": "" });
    expect(() => splitFileOf(folder, undefined)).toThrow(`${folder} has dev, test: choose one with --split`);
    expect(() => splitFileOf(folder, "train")).toThrow(`${folder} has no split train; it has dev, test`);
    const file = join(folder, "dev.txt");
    expect(() => splitFileOf(file, "dev")).toThrow(`--split names a file of a folder, and ${file} is a file`);
  });
});
