import { describe, expect, test } from "vitest";
import { textSays } from "../../../../functions/evidence/text/cues.ts";

describe("cues", () => {
  test.each([
    ["Looks like Ana", ["like", "last word"]],
    ["Ana vs. Berta", ["versus", "first word"]],
    ["Lima w/ Ana!", ["with"]],
    ["Ana and me", ["and me", "first word", "i or my"]],
    ["Me and Ana!", ["and", "and me", "i or my"]],
    ["A book that people know: Ana arrives", ["after colon", "art", "crowd", "verb after"]],
    ["Congrats, he knows Ana is here", ["congratulations", "he or she", "is or has"]],
    ["Happy birthday, Ana!", ["birthday"]],
    ["RIP Ana!", ["rest in peace"]],
    ["Thanks to @Ana!", ["thanks", "to or from", "handle"]],
    ["A song ft. Ana!", ["featuring"]],
    ["RT @someone: Ana's here", ["after colon", "possessive", "first word"]],
    ["So, Ana? #Ana!", ["question", "hashtag", "repeated"]],
    ['"We are what we do." - Ana!', ["author"]],
    ["Nobody", []],
  ])("%j", (text, expected) => {
    const beside = textSays("Ana", text).cues.filter((cue) => cue !== "one word" && !cue.endsWith("fifth"));
    expect(beside.toSorted()).toEqual(expected.toSorted());
  });

  test("tell in which fifth of the text a name stands, and whether it is one word", () => {
    expect(textSays("Ana", "Ana a b c d e f g h i").cues).toEqual(expect.arrayContaining(["first fifth", "one word"]));
    expect(textSays("Ana Ruiz", "a b c d e f g Ana Ruiz h j").cues).toEqual(["fourth fifth"]);
  });
});
