import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fold } from "../../../../src/stages/mner/fold.ts";
import { locateNames } from "../../../../src/stages/mner/locate-names.ts";
import { isInsideWord } from "../../../../src/stages/mner/whole-word.ts";

const piece = fc.constantFrom(
  ..."Houston,HOUSTON,New York,New York Times,Zürich,Zu\u0308rich,ﬁn,北京,서울에서,🚀,👩‍🚀,@NASA,#NASA,’s,-,_,\u00ad,\ud83d,İ,ß,SS, ,\n".split(
    ",",
  ),
);
const anyText = fc
  .array(fc.oneof(piece, fc.string({ unit: "binary", maxLength: 6 })), { maxLength: 12 })
  .map((parts) => parts.join(""));
const listed = fc.array(fc.record({ text: fc.oneof(piece, anyText), type: fc.constantFrom("PER", "LOC") }), {
  maxLength: 6,
});

describe("whatever a model lists of whatever text", () => {
  test("is slices of it that fold to what was listed, whole words, in order, none over another", () => {
    fc.assert(
      fc.property(anyText, listed, (text, names) => {
        const known = new Set(names.map((name) => fold(name.text.trim().replace(/^[@#＠＃]+\s*/u, "")).text));
        let end = 0;
        for (const name of locateNames(text, names, null)) {
          expect(name.start).toBeGreaterThanOrEqual(end);
          ({ end } = name);
          expect(text.slice(name.start, name.end)).toBe(name.text);
          expect(known).toContain(fold(name.text).text);
          expect([isInsideWord(text, name.start), isInsideWord(text, name.end)]).toEqual([false, false]);
        }
      }),
    );
  });

  test("of tokens begins and ends with a token, but for the mark of a handle", () => {
    const tokens = fc.array(
      anyText.map((text) => text.replace(/\s/gu, "")).filter((text) => text !== ""),
      { minLength: 1, maxLength: 8 },
    );
    fc.assert(
      fc.property(tokens, listed, (words, names) => {
        const text = words.join(" ");
        for (const { start, end } of locateNames(text, names, words)) {
          expect(text.slice(0, start)).toMatch(/(?:^|\s)[@#＠＃]*$/u);
          expect(text.slice(end)).toMatch(/^(?:\s|$)/u);
        }
      }),
    );
  });
});

test("a name is found wherever it stands as a word", () => {
  const filler = fc.array(fc.constantFrom("the", "of", "🚀", "¡", "(", "new"), { maxLength: 6 });
  fc.assert(
    fc.property(
      filler,
      filler,
      fc.constantFrom("Eileen Collins", "Zürich", "北京", "O'Hare", "U.S.", "C-3PO"),
      (before, after, name) => {
        const text = [...before, name, ...after].join(" ");
        const [found, ...more] = locateNames(text, [{ text: name, type: "PER" }], null);
        expect(more).toEqual([]);
        expect(found).toMatchObject({ text: name, start: [...before, ""].join(" ").length });
      },
    ),
  );
});

describe("folded text", () => {
  test("its slices are the original's, whatever that is", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const folded = fold(text);
        expect(fold(folded.text).text).toBe(folded.text);
        const whole = folded.sliceOf(0, folded.text.length);
        if (folded.text !== "") expect(fold(text.slice(whole?.start, whole?.end)).text).toBe(folded.text);
      }),
    );
  });

  test("a piece of one character is none", () => {
    expect(fold("ﬁn").text).toBe("fin");
    expect(fold("ﬁn").sliceOf(0, 1)).toBeNull();
    expect(fold("ﬁn").sliceOf(0, 2)).toEqual({ start: 0, end: 1 });
  });
});
