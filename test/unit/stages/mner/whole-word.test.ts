import { expect, test } from "vitest";
import { isInsideWord, wordEdges } from "../../../../src/stages/mner/whole-word.ts";

/** The text with `|` at every position that is not inside a word. */
const boundariesOf = (text: string) =>
  Array.from({ length: text.length + 1 }, (_, index) => (isInsideWord(text, index) ? "" : "|") + (text[index] ?? ""))
    .join("")
    .replace(/\ufe0f/g, "v")
    .replace(/\u20e3/g, "k")
    .replace(/\u200d/g, "j");

test.each([
  ["Eileen Collins", "|Eileen| |Collins|"],
  ["1️⃣Paris", "|1vk|Paris|"],
  ["Paris1️⃣", "|Paris|1vk|"],
  ["1\u20e3Paris", "|1k|Paris|"],
  ["#️⃣Paris*️⃣", "|#vk|Paris|*vk|"],
  ["Boeing 747", "|Boeing| |747|"],
  ["Paris❤️x", "|Paris|❤|v|x|"],
  ["Paris️", "|Paris|v|"],
  ["ℹ️Parisℹ️", "|ℹ|v|Paris|ℹ|v|"],
  ["①Paris❷", "|①|Paris|❷|"],
  ["→Paris↔️", "|→|Paris|↔|v|"],
  ["👩‍🚀Eileen", "|👩|j|🚀|Eileen|"],
  ["Zu\u0308rich", "|Zu\u0308rich|"],
  ["_Paris_1", "|_|Paris_1|"],
])("isInsideWord in %s", (text, expected) => {
  expect(boundariesOf(text)).toBe(expected);
});

test("isInsideWord looks at few of many underscores, which are a line and join nothing", () => {
  const line = "_".repeat(1_000);
  let looks = 0;
  const text = new Proxy(Object(`a${line}b`), {
    get: (target, key) => {
      looks++;
      const value = Reflect.get(target, key, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  expect(isInsideWord(text, 500)).toBe(false);
  expect(looks).toBeLessThan(100);
  expect(isInsideWord("a____b", 3)).toBe(true);
});

test("wordEdges gives the start and the end of the word around each place", () => {
  expect(wordEdges("Ann Lee")).toEqual({ starts: [0, 0, 0, 3, 4, 4, 4, 7], ends: [0, 3, 3, 3, 4, 7, 7, 7] });
  expect(wordEdges("")).toEqual({ starts: [0], ends: [0] });
});
