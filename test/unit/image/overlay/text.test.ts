import { Resvg } from "@resvg/resvg-wasm";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { readFont } from "../../../../src/image/overlay/font.ts";
import {
  drawable,
  escapeXml,
  fitText,
  isolate,
  MISSING,
  oneLine,
  textWidth,
} from "../../../../src/image/overlay/text.ts";
import { font, fontBytes, initRenderer } from "../../../support/overlay-font.ts";

beforeAll(initRenderer);

describe("the bundled font", () => {
  test.each(["Ada", "Łódź", "Αθήνα", "Київ", "Երևան", "თბილისი", "ירושלים", "محمد صلاح", "□…·–", "e\u0301"])(
    "draws %s as it is",
    (text) => {
      expect(drawable(text, font)).toBe(text);
    },
  );

  test.each([
    ["中国", "□□", "one mark a character"],
    ["東京 Tower", "□□ Tower", "what it has stays"],
    ["👨‍👩‍👧", "□", "a family is one character"],
    ["👍🏽🇫🇷1️⃣", "□□□", "skin, flag and keycap belong to what they follow"],
    ["हिन्दी", "□□", "a syllable with its signs is one character"],
    ["𝐁𝐨𝐥𝐝 Ｗｉｄｅ", "Bold Wide", "letters in disguise are the letters"],
    ["\ud800", "□", "half a character"],
  ])("has not %s: %s (%s)", (text, drawn) => {
    expect(drawable(text, font)).toBe(drawn);
  });

  test("whatever the name, every character of it is drawn or replaced, and nothing is left that the font lacks", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 1 }), (name) => {
        const drawn = drawable(name, font);
        for (const character of drawn) expect(font.advance(character.codePointAt(0) ?? 0)).not.toBeNull();
        expect(drawn.length).toBeGreaterThan(0);
      }),
    );
  });

  test("of what is no TrueType font nothing is read", () => {
    expect(() => readFont(new ArrayBuffer(64))).toThrow(RangeError);
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

describe("the width of a text", () => {
  test("is what the renderer draws, for letters that stand alone", () => {
    for (const text of ["HOUSE", "Mill 0.98", "ΑΒΓ", "Жук", "שלום"]) {
      // The last letter's ink ends before its advance does.
      expect(textWidth(text, 40, font) - inkEdge(text, 40)).toSatisfy((rest: number) => rest > -1 && rest < 8);
    }
  });

  test("is at least what the renderer draws, whatever the script", () => {
    const letters = fc.constantFrom(
      ..."abcfgijklmnopqrtvwyzABKMTVWÀÉßłŹαβγλψΩЖщыЮשלוםכךףمحمدصلاحبكقgüلا يـ .,-–0123456789",
    );
    fc.assert(
      fc.property(fc.string({ unit: letters, minLength: 1, maxLength: 24 }), (text) => {
        const line = oneLine(text);
        // A plate has a third of the font size to spare.
        expect(inkEdge(isolate(line), 20)).toBeLessThanOrEqual(textWidth(isolate(line), 20, font) + 0.35 * 20);
      }),
      { numRuns: 60 },
    );
  });

  test("of what another font will draw is a square a character, and more for an emoji", () => {
    expect(textWidth("中国", 10, font)).toBe(20);
    expect(textWidth("👨‍👩‍👧", 10, font)).toBe(13);
    expect(textWidth("\u2068\u2069", 10, font)).toBe(0);
  });
});

describe("a name", () => {
  test("is cut to what there is room for, between characters, and no more than needed", () => {
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

  test("is one line that cannot turn the text around it", () => {
    expect(oneLine("\u202eone\n\ttwo\u2069 \u0007")).toBe("one two");
    for (const blank of [" ", "\u200b", "\u202e\u202c", "\u200d\ufe0f"]) expect(oneLine(blank)).toBe(MISSING);
  });

  test("cannot leave its element", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (name) => {
        expect(escapeXml(name)).not.toMatch(/[<>"']|&(?!(?:amp|lt|gt|quot|#39);)/);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 has no way to write them.
        expect(escapeXml(name)).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]|\p{Cs}/u);
      }),
    );
    expect(escapeXml("\ud800<&\u0007")).toBe("\ufffd&lt;&amp;\ufffd");
  });
});
