import type { Font } from "./font.ts";
import { JOINING_FAMILY, withJoinedWidths } from "./joined-widths.ts";
import { inkEdge, renderPng } from "./render.ts";
import { type Overlay, overlaySvg } from "./svg.ts";

/** Fonts to draw with: what the layout measures, and the files that the renderer reads, by family. */
export interface Fonts {
  readonly font: Font;
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/**
 * Draws an overlay as PNG with these fonts and no other. `initWasm` of the renderer must have been called before. The
 * picture must be PNG or JPEG, RGB or grey.
 */
export function drawPng(overlay: Overlay, { font, files }: Fonts): Uint8Array {
  const joining = files.get(JOINING_FAMILY);
  const texts = overlay.entities.flatMap(({ text, type }) => [text, type]);
  const measured = joining
    ? withJoinedWidths(font, texts, (character) => inkEdge(character, JOINING_FAMILY, [joining]))
    : font;
  return renderPng(overlaySvg(overlay, measured, true), [...files.values()]);
}
