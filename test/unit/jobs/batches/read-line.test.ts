import { expect, test } from "vitest";
import { LIMITS } from "../../../../schemas/limits.ts";
import { readLine } from "../../../../src/jobs/batches/read-line.ts";
import { blackPng } from "../../../support/png.ts";

const cat = await blackPng(4, 3);
const read = (line: object, files: ReadonlyMap<string, Uint8Array> | null = null) =>
  readLine(JSON.stringify(line), { line: 7, deadlineMs: 600_000 }, files);

test("a line that can run has its fields without its picture, and what its account is asked for", async () => {
  const text = JSON.stringify({
    id: "a",
    text: "Eileen",
    image: "https://example.com/a.png",
    max_entities: 7,
    store: false,
  });
  const line = await readLine(text, { line: 7, deadlineMs: 600_000 }, null);
  if ("problem" in line) throw new Error(line.problem.detail);
  const { fields, ...facts } = line;
  expect(JSON.parse(fields)).toMatchObject({ text: "Eileen", task: "smner", max_entities: 7, store: false });
  expect(Object.keys(JSON.parse(fields))).not.toContain("image");
  expect(facts).toEqual({
    reference: "a",
    image: { kind: "address", url: "https://example.com/a.png" },
    // An answer, and three entities with a mask each: a name has a character between it and the next.
    most: 1_500_000 + 3 * 5_000_000,
    bodyBytes: text.length,
    entities: 7,
    deadlineMs: 600_000,
    store: false,
    picture: null,
  });
});

test("its own deadline counts", async () => {
  expect(await read({ text: "a", deadline_ms: 900_000 })).toMatchObject({ deadlineMs: 900_000, reference: null });
});

test("a file of the form is read, and counts as bytes of the post", async () => {
  const line = { text: "a", image: "cat" };
  expect(await read(line, new Map([["cat", cat]]))).toMatchObject({
    image: { kind: "stored" },
    picture: { type: "image/png", size: { width: 4, height: 3 } },
    bodyBytes: JSON.stringify(line).length + cat.length,
  });
});

test.each<[string, object, ReadonlyMap<string, Uint8Array> | null, object]>([
  [
    "a file that is no picture",
    { text: "a", image: "cat" },
    new Map([["cat", new Uint8Array(9)]]),
    { code: "picture_type_not_supported" },
  ],
  [
    "a file that is too large",
    { text: "a", image: "cat" },
    new Map([["cat", new Uint8Array(LIMITS.uploadBytes + 1)]]),
    { code: "body_too_large" },
  ],
  [
    "a file that is not there",
    { text: "a", image: "dog" },
    new Map([["cat", cat]]),
    { errors: [{ pointer: "/image" }] },
  ],
  [
    "a picture inside JSON",
    { text: "a", image: "iVBORw0KGgo=" },
    null,
    { errors: [{ pointer: "/image", limit: "https" }] },
  ],
  [
    "an id that is too long",
    { text: "a", id: "x".repeat(101) },
    null,
    { errors: [{ pointer: "/id", limit: 100, value: "x".repeat(101) }] },
  ],
  ["an id that is empty", { text: "a", id: "" }, null, { errors: [{ pointer: "/id", limit: 1, value: "" }] }],
  ["an id that is a number", { text: "a", id: 7 }, null, { errors: [{ pointer: "/id", limit: "string", value: 7 }] }],
])("%s is the problem of its line", async (_, line, files, problem) => {
  expect(await read(line, files)).toMatchObject({ problem });
});

test("a line keeps its name when another field is wrong, and lists three wrong fields at most", async () => {
  const line = await read({ id: "a", text: "b", one: 1, two: 2, three: 3, four: 4 });
  if (!("problem" in line)) throw new Error("no problem");
  expect([line.reference, line.problem.errors?.length]).toEqual(["a", 3]);
  expect(line.problem.detail).toContain("/four");
});

test.each([
  ["{", "invalid_json", "is not valid JSON"],
  ["[]", "invalid_request", "must be a JSON object"],
  [`"${"a".repeat(LIMITS.batchLineLength)}"`, "invalid_request", "a line has at most"],
])("what is wrong with a whole line names the line and points to it: %s", async (text, code, detail) => {
  const named = expect.stringMatching(new RegExp(`^Line 7 \\(empty lines do not count\\) .*${detail}`));
  const errors = [expect.objectContaining({ pointer: "", detail: expect.stringContaining(detail) })];
  expect(await readLine(text, { line: 7, deadlineMs: 600_000 }, null)).toMatchObject({
    problem: { code, detail: named, errors },
  });
});
