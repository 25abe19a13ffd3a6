import bytes from "dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf";
import { readFont } from "./font.ts";

/**
 * DejaVu Sans Bold: Latin, Greek, Cyrillic, Armenian, Georgian, Hebrew, Arabic, Lao, some symbols; no Chinese,
 * Japanese, Korean or Indic.
 */
export const bundledFont = readFont(bytes);
export const bundledFontBytes = new Uint8Array(bytes);
