import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { initWasm } from "@resvg/resvg-wasm";
import type { Fonts } from "../../src/image/overlay/draw-png.ts";
import { joinFonts, readFont } from "../../src/image/overlay/font.ts";
import { MAIN_FAMILY } from "../../src/image/overlay/lettering.ts";

const path = (module: string) => createRequire(import.meta.url).resolve(module);
const readScriptFont = (file: string) => {
  return new Uint8Array(gunzipSync(readFileSync(join(import.meta.dirname, "../../src/image/overlay/fonts", file))));
};

/** The bytes that the Worker bundles. */
export const fontBytes = new Uint8Array(readFileSync(path("dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf")));
export const font = readFont(fontBytes.buffer, MAIN_FAMILY);

const files = new Map([
  [MAIN_FAMILY, fontBytes],
  ["Noto Sans Thai", readScriptFont("NotoSansThai-Bold.ttf.gz")],
  ["Noto Sans Devanagari", readScriptFont("NotoSansDevanagari-Bold.ttf.gz")],
  ["Droid Sans Fallback", readScriptFont("DroidSansFallback-names.ttf.gz")],
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
