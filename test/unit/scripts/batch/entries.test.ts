import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { LIMITS } from "../../../../schemas/limits.ts";
import { bodyOf, type Entry, readEntries, splitEntries } from "../../../../scripts/batch/entries.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "namesight-entries-"));
  writeFileSync(join(folder, "cat.png"), "cat");
});
afterAll(() => rmSync(folder, { recursive: true }));

const line = (image: string) => JSON.stringify({ text: "a", image });

test("each line that is not empty is a post with the number of its line; its picture is an address or a file of the folder", () => {
  const text = [line("https://example.com/a.png"), "", line("cat.png"), '{"text": "no JSON', '{"text": "b"}'].join(
    "\r\n",
  );
  expect(readEntries(text, folder)).toMatchObject([
    { line: 1, file: null, fault: null },
    { line: 3, file: join(folder, "cat.png"), fault: null },
    { line: 4, file: null, fault: { code: "invalid_json" } },
    { line: 5, file: null, fault: null },
  ]);
});

test.each([
  ["{", "invalid_json", /^Line 3 is not valid JSON \(.+\)\.$/],
  ["[]", "invalid_request", /^Line 3 must be a JSON object\.$/],
  [
    `"${"a".repeat(LIMITS.batchLineLength)}"`,
    "invalid_request",
    /^Line 3 has 524290 UTF-16 code units; at most 524288\.$/,
  ],
])("what is wrong with a whole line names the line of the file", (text, code, detail) => {
  const fault = { code, detail: expect.stringMatching(detail), errors: [{ pointer: "" }] };
  expect(readEntries(`\n\n${text}\n`, null)).toMatchObject([{ line: 3, fault }]);
});

test.each([
  ["dog.png", '/image names "dog.png", and there is no such file under --images.'],
  ["../cat.png", '/image names "../cat.png", and there is no such file under --images.'],
  ["/etc/hosts", '/image names "/etc/hosts", and there is no such file under --images.'],
  [".", '/image names ".", and there is no such file under --images.'],
])("a picture %s cannot be sent, and is named", (image, detail) => {
  const fault = { code: "invalid_request", detail, errors: [{ pointer: "/image" }] };
  expect(readEntries(line(image), folder)).toMatchObject([{ fault }]);
});

test("a name that is no file's, and very long, is cut", () => {
  const [entry] = readEntries(line("a".repeat(3_000)), folder);
  expect(entry?.fault?.detail).toBe(`/image names "${"a".repeat(200)}…", and there is no such file under --images.`);
});

test("a picture that is too large for a request is named", () => {
  writeFileSync(join(folder, "large.png"), new Uint8Array(LIMITS.bodyBytes));
  const [entry] = readEntries(line("large.png"), folder);
  expect(entry?.fault?.detail).toMatch(/^\/image names "large\.png": with it, the post has \d+ bytes; at most \d+\.$/);
});

test("a picture as a file needs the folder", () => {
  expect(readEntries(line("cat.png"), null)).toMatchObject([
    { fault: { detail: '/image names the file "cat.png", and there is no --images.' } },
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
