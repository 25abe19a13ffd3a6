import { describe, expect, test } from "vitest";
import { toDataUrl } from "../../../../src/image/data-url.ts";
import { overlayPng } from "../../../../src/image/overlay/png.ts";
import { loadFonts } from "../../../../src/image/overlay/script-fonts.ts";
import { segments } from "../../../../src/image/overlay/text.ts";
import { entityOf } from "../../../support/overlay-entity.ts";
import { blackPng } from "../../../support/png.ts";

describe("loadFonts", () => {
  test.each([
    [["Ada", "Київ", "ירושלים", "👍"], []],
    [["กรุงเทพมหานคร"], ["Noto Sans Thai"]],
    [["नरेन्द्र मोदी"], ["Noto Sans Devanagari"]],
    [["东京"], ["Droid Sans Fallback"]],
    [["ひらがな"], ["Droid Sans Fallback"]],
    [["カタカナ"], ["Droid Sans Fallback"]],
    [["김연아"], ["Droid Sans Fallback"]],
    [
      ["Ada", "東京 ไทย", "हिन्दी"],
      ["Noto Sans Thai", "Noto Sans Devanagari", "Droid Sans Fallback"],
    ],
  ])("loads for %j, beside DejaVu Sans, %j", async (texts, families) => {
    const { font, files } = await loadFonts(texts);
    expect([...files.keys()]).toEqual(["DejaVu Sans", ...families]);
    for (const character of texts.join("").replaceAll("👍", ""))
      expect(font.advance(character.codePointAt(0) ?? 0)).not.toBeNull();
  });

  test.each([
    ["cannot be loaded", () => Promise.reject(new Error("no such module"))],
    ["is no font", () => Promise.resolve({ default: new ArrayBuffer(64) })],
  ])("leaves out a font that %s", async (_, load) => {
    const broken = { family: "Noto Sans Thai", letters: /\p{Script=Thai}/u, load };
    const { font, files } = await loadFonts(["Ada ไทย"], [broken]);
    expect([...files.keys()]).toEqual(["DejaVu Sans"]);
    expect(font.advance("ไ".codePointAt(0) ?? 0)).toBeNull();
  });
});

test("draws names in each script, in the renderer that the Worker has", async () => {
  const size = { width: 20, height: 10 };
  const picture = toDataUrl(await blackPng(size.width, size.height), "image/png");
  const draw = (name: string) =>
    overlayPng({ picture, size, entities: [entityOf("e1", name, "PER", false)], partial: false });
  const drawn = await Promise.all(["กำแพง", "नरेन्द्र", "東京", "김연아", "e1"].map(draw));
  // A name that is not drawn becomes the entity's id, with a notice.
  expect(new Set(drawn.map((png) => png.join())).size).toBe(5);
});

test("takes a Devanagari ligature for one character, as the layout expects", () => {
  expect(segments("नरेन्द्र")).toEqual(["न", "रे", "न्द्र"]);
});
