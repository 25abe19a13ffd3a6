import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { initWasm } from "@resvg/resvg-wasm";
import type { Fonts } from "../../src/image/overlay/draw-png.ts";
import { joinFonts, readFont } from "../../src/image/overlay/font.ts";
import { MAIN_FAMILY } from "../../src/image/overlay/lettering.ts";

const path = (module: string) => createRequire(import.meta.url).resolve(module);
const readScriptFont = (name: string) =>
  new Uint8Array(readFileSync(join(import.meta.dirname, "../../src/image/overlay/fonts", `${name}.ttf`)));

/** The bytes that the Worker bundles. */
export const fontBytes = new Uint8Array(readFileSync(path("dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf")));
export const font = readFont(fontBytes.buffer, MAIN_FAMILY);

const files = new Map([
  [MAIN_FAMILY, fontBytes],
  ["Noto Sans Thai", readScriptFont("NotoSansThai-Bold")],
  ["Noto Sans Devanagari", readScriptFont("NotoSansDevanagari-Bold")],
  ["Droid Sans Fallback", readScriptFont("DroidSansFallback-names")],
]);

/** Every font that the Worker can load. */
export const allFonts: Fonts = {
  font: joinFonts([...files].map(([family, { buffer }]) => readFont(buffer, family))),
  files,
};

let ready: Promise<void> | null = null;

/** The renderer that the Worker bundles, in Node. */
export function initRenderer(): Promise<void> {
  ready ??= initWasm(readFileSync(path("@resvg/resvg-wasm/index_bg.wasm")));
  return ready;
}
