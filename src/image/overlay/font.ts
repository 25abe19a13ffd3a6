import { firstAtLeast } from "../../../schemas/sorted.ts";

/** What an overlay needs to know of a font, or of several: which characters can be drawn and how wide they are. */
export interface Font {
  /** The name by which the renderer knows the font that has the character; null when none has it. */
  family(codePoint: number): string | null;
  /**
   * A character's advance width in parts of the font size; null when the font has no glyph for it. Kerning and
   * ligatures are ignored: they make text narrower, and a label may be a little wider than its text.
   */
  advance(codePoint: number): number | null;
  /**
   * The width of a user-perceived character whose glyphs join, in parts of the font size; null when it is the sum of
   * its code points' widths.
   */
  joined?(character: string): number | null;
}

/**
 * Read widths and coverage from a TrueType font: its tables `head`, `hhea` and `hmtx`, and the subtable of format 12 of
 * its `cmap`, which every font with characters past U+FFFF has (OpenType 1.9, "cmap").
 *
 * @param family the name by which the renderer knows it
 * @throws RangeError when one of these tables is missing
 */
export function readFont(bytes: ArrayBuffer, family: string): Font {
  const view = new DataView(bytes);
  const tables = new Map<number, number>();
  for (let index = 0, record = 12; index < view.getUint16(4); index++, record += 16) {
    tables.set(view.getUint32(record), view.getUint32(record + 8));
  }
  const table = (name: string) => {
    const start = tables.get([...name].reduce((tag, letter) => tag * 256 + letter.charCodeAt(0), 0));
    if (start === undefined) throw new RangeError(`the font has no table "${name}"`);
    return start;
  };
  const groups = readGroups(view, table("cmap"));
  const unitsPerEm = view.getUint16(table("head") + 18);
  const widths = view.getUint16(table("hhea") + 34);
  const metrics = table("hmtx");
  const advance = (codePoint: number) => {
    // The groups are sorted and do not overlap (OpenType 1.9, "cmap").
    const group = groups[firstAtLeast(groups.length, (index) => (groups[index] as Group).last, codePoint)];
    if (!group || codePoint < group.first) return null;
    // All glyphs behind the last width have that width (OpenType 1.9, "hmtx").
    const glyph = Math.min(group.glyph + codePoint - group.first, widths - 1);
    return view.getUint16(metrics + 4 * glyph) / unitsPerEm;
  };
  return { advance, family: (codePoint) => (advance(codePoint) === null ? null : family) };
}

/** Fonts of which the first that has a character draws it, as the renderer does. */
export function joinFonts(fonts: readonly Font[]): Font {
  const first = <T>(read: (font: Font) => T | null) => {
    for (const font of fonts) {
      const found = read(font);
      if (found !== null) return found;
    }
    return null;
  };
  return {
    family: (codePoint) => first((font) => font.family(codePoint)),
    advance: (codePoint) => first((font) => font.advance(codePoint)),
  };
}

/** Consecutive characters whose glyphs are consecutive too. */
interface Group {
  readonly first: number;
  readonly last: number;
  /** Glyph of `first`. The glyphs of the characters after it follow in order. */
  readonly glyph: number;
}

function readGroups(view: DataView, cmap: number): Group[] {
  for (let index = 0, record = cmap + 4; index < view.getUint16(cmap + 2); index++, record += 8) {
    const subtable = cmap + view.getUint32(record + 4);
    if (view.getUint16(subtable) !== 12) continue;
    return Array.from({ length: view.getUint32(subtable + 12) }, (_, group) => {
      const at = subtable + 16 + 12 * group;
      return { first: view.getUint32(at), last: view.getUint32(at + 4), glyph: view.getUint32(at + 8) };
    });
  }
  throw new RangeError("the font's cmap has no subtable of format 12");
}
