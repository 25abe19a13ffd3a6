import fc from "fast-check";
import { expect, test } from "vitest";
import { toPointer } from "../../../../schemas/pointer.ts";
import { valuesAt } from "../../../../src/webhooks/ingest/values-at.ts";

/** The document and the pointers of RFC 6901, section 5. */
const RFC = {
  foo: ["bar", "baz"],
  "": 0,
  "a/b": 1,
  "c%d": 2,
  "e^f": 3,
  "g|h": 4,
  "i\\j": 5,
  'k"l': 6,
  " ": 7,
  "m~n": 8,
};

test.each<[string, unknown]>([
  ["", RFC],
  ["/foo", ["bar", "baz"]],
  ["/foo/0", "bar"],
  ["/", 0],
  ["/a~1b", 1],
  ["/c%d", 2],
  ["/e^f", 3],
  ["/g|h", 4],
  ["/i\\j", 5],
  ['/k"l', 6],
  ["/ ", 7],
  ["/m~0n", 8],
])("%j is read as RFC 6901 says", (pointer, value) => {
  expect(valuesAt(RFC, pointer)).toEqual([value]);
});

test.each(["/foo/2", "/foo/-", "/foo/01", "/foo/length", "/none", "/foo/0/0", "/__proto__", "/constructor", "/*"])(
  "%s names nothing",
  (pointer) => {
    expect(valuesAt(RFC, pointer)).toEqual([]);
  },
);

test("* is each item of an array, at any depth, and of an object the member of that name", () => {
  const posts = {
    posts: [{ pictures: [{ url: "a" }, { url: "b" }] }, { pictures: [] }, {}, { pictures: [{ url: "c" }] }],
  };
  expect(valuesAt(posts, "/posts/*/pictures/*/url")).toEqual(["a", "b", "c"]);
  expect(valuesAt({ "*": 1, a: 2 }, "/*")).toEqual([1]);
});

test("every value of any JSON is found at its own pointer", () => {
  const walk = (value: unknown, path: PropertyKey[]): void => {
    if (!path.includes("*")) expect(valuesAt(whole, toPointer(path))).toEqual([value]);
    if (typeof value !== "object" || value === null) return;
    for (const [key, inner] of Object.entries(value)) walk(inner, [...path, key]);
  };
  let whole: unknown;
  fc.assert(
    fc.property(fc.jsonValue(), (json) => {
      whole = json;
      walk(json, []);
    }),
  );
});
