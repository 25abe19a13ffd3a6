import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkPaths } from "../../../../eval/files/check-paths.ts";
import { folderOf } from "../../../support/evaluation-files.ts";

const start = () => {
  const folder = folderOf({ "p/1.jpg": "", "gold.jsonl": "", "old.jsonl": "" });
  symlinkSync(join(folder, "gold.jsonl"), join(folder, "link.jsonl"));
  const at = (name: string) => join(folder, name);
  const check = (out: string, images = "p") =>
    checkPaths({ images: at(images), out: at(out), inputs: [at("none.jsonl"), at("gold.jsonl")] });
  return { at, check };
};

test("a new file and one that is no input can be written", () => {
  const { check } = start();
  check("new.jsonl");
  check("old.jsonl");
});

test.each([
  ["p", "is a folder: name a file"],
  ["gold.jsonl", "gold.jsonl: name another file"],
  ["link.jsonl", "would replace the input"],
  ["none/a.jsonl", "none for --out"],
  ["old.jsonl/a.jsonl", "there is no folder"],
])("an output is refused: %s", (out, message) => {
  expect(() => start().check(out)).toThrow(message);
});

test.each(["none", "gold.jsonl"])("pictures that are no folder are refused: %s", (images) => {
  const { at, check } = start();
  expect(() => check("new.jsonl", images)).toThrow(`there is no folder ${at(images)} for --images`);
});
