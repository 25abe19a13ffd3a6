import { describe, expect, test } from "vitest";
import { readCues, textSays } from "../../../../functions/evidence/text/cues.ts";

describe("cues", () => {
  test.each([
    ["Looks like Ana", ["like"]],
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
    const beside = textSays("Ana", text).cues.filter((cue) => cue !== "one word" && !cue.startsWith("items"));
    expect(beside.toSorted()).toEqual(expected.toSorted());
  });

  test("tell whether a name is one word, and where it stands, whatever follows", () => {
    expect(textSays("Ana", "a b Ana c").cues).toEqual(["items 1-3", "one word"]);
    for (const rest of ["c", "c d e f g h j k l m n o p q r s t u v w x y z"]) {
      expect(textSays("Ana Ruiz", `a b j Ana Ruiz ${rest}`).cues).toEqual(["items 4-7"]);
    }
    expect(textSays("Ana Ruiz", "a b j d e f g Ana Ruiz h").cues).toEqual(["items 8-12"]);
    expect(textSays("Ana Ruiz", `${"a ".repeat(12)} Ana Ruiz h`).cues).toEqual(["items 13-"]);
  });

  test("of names that are written alike are the same", () => {
    const names = Array.from({ length: 200 }, () => "N1");
    const all = readCues(names, "L-R: N1, ".repeat(1_000));
    expect(new Set(all.map((said) => JSON.stringify(said))).size).toBe(1);
  });
});
