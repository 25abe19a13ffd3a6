import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readRecognized } from "../../../../eval/readers/recognized-file.ts";
import { folderOf } from "../../../support/evaluation-files.ts";

const KINDS = [
  { form: "lines a…", recognizes: (text: string) => text.startsWith("a"), read: (text: string) => `first ${text}` },
  { form: "lines ab…", recognizes: (text: string) => text.startsWith("ab"), read: (text: string) => `second ${text}` },
  {
    form: "lines b…",
    recognizes: (text: string) => text.startsWith("b"),
    read: (): string => {
      throw new Error("line 1 is wrong");
    },
  },
];

describe("readRecognized", () => {
  it("reads by the first kind that recognizes the text, without a byte order mark", async () => {
    const folder = folderOf({ file: "\ufeffab" });
    expect(await readRecognized(join(folder, "file"), KINDS)).toBe("first ab");
  });

  it("names the file when it is malformed, is of no kind, or is not there", async () => {
    const latin = Buffer.from("b\n\u00e9", "latin1");
    const folder = folderOf({ latin, malformed: "b", unknown: "\n\nc\nd\ne\n", empty: "" });
    const read = (name: string) => readRecognized(join(folder, name), KINDS);
    await expect(read("malformed")).rejects.toThrow(`${join(folder, "malformed")}: line 1 is wrong`);
    await expect(read("unknown")).rejects.toThrow(
      `${join(folder, "unknown")}: the kind of file is not recognized. It begins with "c" and "d". The kinds are:
  lines a…
  lines ab…
  lines b…`,
    );
    await expect(read("empty")).rejects.toThrow("It begins with nothing.");
    await expect(read("latin")).rejects.toThrow(`${join(folder, "latin")}: line 2 is not UTF-8`);
    await expect(read("none")).rejects.toThrow(/none: ENOENT/);
  });
});
