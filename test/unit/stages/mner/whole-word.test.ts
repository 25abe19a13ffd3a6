import { expect, test } from "vitest";
import { isInsideWord } from "../../../../src/stages/mner/whole-word.ts";

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
