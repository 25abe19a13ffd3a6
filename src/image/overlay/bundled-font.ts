import bytes from "dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf";
import { readFont } from "./font.ts";
import { MAIN_FAMILY } from "./lettering.ts";

/**
 * DejaVu Sans Bold. It has Latin, Greek, Cyrillic, Armenian, Georgian, Hebrew, Arabic, Lao and some symbols, but no
 * Chinese, Japanese, Korean or Indic scripts.
 */
export const bundledFont = readFont(bytes, MAIN_FAMILY);

/** The font's file, for the renderer. */
export const bundledFontBytes = new Uint8Array(bytes);
