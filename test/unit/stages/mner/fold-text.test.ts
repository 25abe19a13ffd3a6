import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fold } from "../../../../src/stages/mner/fold-text.ts";
import { anyText } from "../../../support/name-texts.ts";

describe("fold", () => {
  test("maps its whole text to a slice of the original that folds to the same, whatever the text", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const folded = fold(text);
        expect(fold(folded.text).text).toBe(folded.text);
        const whole = folded.sliceOf(0, folded.text.length);
        if (folded.text !== "") expect(fold(text.slice(whole?.start, whole?.end)).text).toBe(folded.text);
      }),
    );
  });

  test("returns no slice when it would begin or end inside a character", () => {
    expect(fold("ﬁn").text).toBe("fin");
    expect(fold("ﬁn").sliceOf(0, 1)).toBeNull();
    expect(fold("ﬁn").sliceOf(0, 2)).toEqual({ start: 0, end: 1 });
  });

  test.each<[what: string, one: string, other: string]>([
    ["case", "HOUSTON", "Houston"],
    ["sharp s", "Straße", "STRASSE"],
    ["final sigma", "ΟΔΟΣ", "οδος"],
    ["composition", "Zu\u0308rich", "Zürich"],
    ["width", "ＮＡＳＡ", "NASA"],
    ["quotes", "O’Hare", "O'Hare"],
    ["dashes", "Spider–Man", "Spider-Man"],
    ["white space", "New\u00a0 York", "New York"],
    ["invisible characters", "Hou\u00adston", "Houston"],
  ])("gives two spellings the same text when they differ in %s", (_, one, other) => {
    expect(fold(one).text).toBe(fold(other).text);
  });

  test.each([
    ["Houston", "Huston"],
    ["Zürich", "Zurich"],
    ["C", "C++"],
  ])("gives %j and %j different texts", (one, other) => {
    expect(fold(one).text).not.toBe(fold(other).text);
  });
});
