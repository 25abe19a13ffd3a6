import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bodyOf, type Entry, readEntries, splitEntries } from "../../../../scripts/batch/entries.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "namesight-entries-"));
  writeFileSync(join(folder, "cat.png"), "cat");
});
afterAll(() => rmSync(folder, { recursive: true }));

const line = (image: string) => JSON.stringify({ text: "a", image });

test("each line that is not empty is a post; its picture is an address or a file of the folder", () => {
  const text = [line("https://example.com/a.png"), "", line("cat.png"), '{"text": "no JSON', '{"text": "b"}'].join(
    "\r\n",
  );
  expect(readEntries(text, folder)).toMatchObject([
    { line: 1, file: null, fault: null },
    { line: 2, file: join(folder, "cat.png"), fault: null },
    { line: 3, file: null, fault: null },
    { line: 4, file: null, fault: null },
  ]);
});

test.each([
  ["dog.png", "/image names no file under --images"],
  ["../cat.png", "/image names no file under --images"],
  ["/etc/hosts", "/image names no file under --images"],
])("a picture %s cannot be sent", (image, fault) => {
  expect(readEntries(line(image), folder)).toMatchObject([{ fault }]);
});

test("a picture as a file needs the folder", () => {
  expect(readEntries(line("cat.png"), null)).toMatchObject([
    { fault: "/image names a file, and there is no --images" },
  ]);
});

test("posts are split by their number and their bytes, in their order", () => {
  const entries = [4, 4, 4, 9, 1].map((bytes, index): Entry => {
    return { line: index + 1, id: null, text: "", file: null, bytes, fault: null };
  });
  const groups = splitEntries(entries, 10, 2).map((group) => group.map((entry) => entry.line));
  expect(groups).toEqual([[1, 2], [3], [4, 5]]);
});

test("the body is JSON lines, or a form where there is a file, each file once", async () => {
  const plain = readEntries('{"text":"a"}\n{"text":"b"}', null);
  expect(bodyOf(plain)).toEqual({ body: '{"text":"a"}\n{"text":"b"}\n', type: "application/x-ndjson" });
  const { body, type } = bodyOf(readEntries(`${line("cat.png")}\n${line("./cat.png")}\n{"text":"b"}`, folder));
  if (typeof body === "string") throw new Error("no form");
  expect([type, [...body.keys()]]).toEqual([null, ["posts", "file-1"]]);
  expect(body.get("posts")).toBe('{"text":"a","image":"file-1"}\n{"text":"a","image":"file-1"}\n{"text":"b"}\n');
  expect(await (body.get("file-1") as File).text()).toBe("cat");
});
