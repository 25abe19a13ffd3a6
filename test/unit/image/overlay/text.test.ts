import { Resvg } from "@resvg/resvg-wasm";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import {
  drawable,
  escapeXml,
  familyOf,
  fitText,
  isolate,
  oneLine,
  textPieces,
  textWidth,
  wrapText,
} from "../../../../src/image/overlay/text.ts";
import { allFonts, font, fontBytes, initRenderer } from "../../../support/overlay-font.ts";

beforeAll(initRenderer);

describe("drawable", () => {
  test.each(["Ada", "Łódź", "Αθήνα", "Київ", "Երևան", "თბილისი", "ירושלים", "محمد صلاح", "□…·–", "e\u0301"])(
    "keeps %s, which the bundled font has",
    (text) => {
      expect(drawable(text, font)).toBe(text);
    },
  );

  test.each([
    ["中国", null, "a name in letters that the font lacks"],
    ["東京 Tower", null, "a name with some such letters: the rest would be another name"],
    ["हिन्दी", null, "a syllable with its vowel signs"],
    ["👨‍👩‍👧", null, "nothing but an emoji"],
    ["\ud800", null, "nothing but a lone surrogate"],
    ["", null, "nothing"],
    ["Ada 👍🏽 Lovelace 🇫🇷1️⃣", "Ada Lovelace", "emojis, flags and keycaps are left out"],
    ["𝐁𝐨𝐥𝐝 Ｗｉｄｅ", "Bold Wide", "NFKC gives the plain letters"],
  ] as ReadonlyArray<[string, string | null, string]>)("draws %s as %j: %s", (text, drawn) => {
    expect(drawable(text, font)).toBe(drawn);
  });

  test("leaves no character that the font lacks, for any name", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 1 }), (name) => {
        const drawn = drawable(name, font);
        expect(drawn).not.toBe("");
        for (const character of drawn ?? "") expect(font.advance(character.codePointAt(0) ?? 0)).not.toBeNull();
      }),
    );
  });
});

describe("textPieces", () => {
  test("are the whole text with its whole width, for any text", () => {
    const letters = fc.constantFrom(..."ab 1·अकिन्दी ก ำแ東の김ש\u2068\u2069");
    fc.assert(
      fc.property(fc.string({ unit: letters, maxLength: 20 }), (text) => {
        const pieces = textPieces(text, "DejaVu Sans", 10, allFonts.font);
        expect(pieces.map((piece) => piece.text).join("")).toBe(text);
        const width = pieces.reduce((sum, piece) => sum + piece.width, 0);
        expect(width).toBeCloseTo(textWidth(text, 10, allFonts.font));
      }),
    );
  });
});

describe("familyOf", () => {
  test("is the font of the first visible code point", () => {
    expect(familyOf("\u2068", allFonts.font)).toBeNull();
    expect(familyOf("कि", allFonts.font)).toBe("Noto Sans Devanagari");
    expect(familyOf("\u200dक", allFonts.font)).toBe("Noto Sans Devanagari");
  });
});

describe("wrapText", () => {
  test("breaks at spaces, and only where a line would be too wide", () => {
    expect(wrapText("one two three", 10, 60, font)).toEqual(["one two", "three"]);
    expect(wrapText("one two three", 10, 600, font)).toEqual(["one two three"]);
    expect(wrapText("unbreakable", 10, 9, font)).toEqual(["unbreakable"]);
  });
});

/** Right edge of the ink, in pixels from where the text begins. */
function inkEdge(text: string, size: number): number {
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="4000" height="100"><text x="0" y="50" font-family="DejaVu Sans" ` +
    `font-weight="bold" font-size="${size}">${escapeXml(text)}</text></svg>`;
  const renderer = new Resvg(svg, { font: { fontBuffers: [fontBytes], defaultFontFamily: "DejaVu Sans" } });
  const box = renderer.getBBox();
  renderer.free();
  return box ? box.x + box.width : 0;
}

describe("textWidth", () => {
  test("equals the drawn width when letters do not join", () => {
    for (const text of ["HOUSE", "Mill 0.98", "ΑΒΓ", "Жук", "שלום"]) {
      // The ink of the last letter ends before its advance width.
      expect(textWidth(text, 40, font) - inkEdge(text, 40)).toSatisfy((rest: number) => rest > -1 && rest < 8);
    }
  });

  test("is at least the drawn width in every script of the font", () => {
    const letters = fc.constantFrom(
      ..."abcfgijklmnopqrtvwyzABKMTVWÀÉßłŹαβγλψΩЖщыЮשלוםכךףمحمدصلاحبكقgüلا يـ .,-–0123456789",
    );
    fc.assert(
      fc.property(fc.string({ unit: letters, minLength: 1, maxLength: 24 }), (text) => {
        const line = oneLine(text);
        // A label has a padding of a third of the font size.
        expect(inkEdge(isolate(line), 20)).toBeLessThanOrEqual(textWidth(isolate(line), 20, font) + 0.35 * 20);
      }),
      { numRuns: 60 },
    );
  });

  test("counts 1 em for a character and 1.3 em for an emoji when the font lacks them", () => {
    expect(textWidth("中国", 10, font)).toBe(20);
    expect(textWidth("👨‍👩‍👧", 10, font)).toBe(13);
    expect(textWidth("\u2068\u2069", 10, font)).toBe(0);
  });
});

describe("fitText", () => {
  test("cuts between characters, and only when the text is too wide", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme", minLength: 1, maxLength: 60 }),
        fc.integer({ min: 40, max: 400 }),
        (text, room) => {
          const fitted = fitText(text, 12, room, font);
          expect(textWidth(fitted, 12, font)).toBeLessThanOrEqual(room);
          if (textWidth(text, 12, font) <= room) expect(fitted).toBe(text);
          else expect(text.startsWith(fitted.replace(/…$/, ""))).toBe(true);
        },
      ),
    );
    const families = fitText("👨‍👩‍👧".repeat(9), 10, 40, font);
    expect(families).toBe("👨‍👩‍👧👨‍👩‍👧…");
  });
});

describe("oneLine", () => {
  test("removes line breaks and characters that change the direction of text", () => {
    expect(oneLine("\u202eone\n\ttwo\u2069 \u0007")).toBe("one two");
    for (const blank of [" ", "\u200b", "\u202e\u202c", "\u200d\ufe0f"]) expect(oneLine(blank)).toBe("");
  });
});

describe("escapeXml", () => {
  test("leaves no markup and no character that XML does not allow", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (name) => {
        expect(escapeXml(name)).not.toMatch(/[<>"']|&(?!(?:amp|lt|gt|quot|#39);)/);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 does not allow these characters.
        expect(escapeXml(name)).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]|\p{Cs}/u);
      }),
    );
    expect(escapeXml("\ud800<&\u0007")).toBe("\ufffd&lt;&amp;\ufffd");
  });
});
