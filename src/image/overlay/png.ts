import { initWasm } from "@resvg/resvg-wasm";
import resvgWasm from "@resvg/resvg-wasm/index_bg.wasm";
import { drawPng } from "./draw-png.ts";
import { loadFonts } from "./script-fonts.ts";
import type { Overlay } from "./svg.ts";

// Compiled once per isolate.
let ready: Promise<void> | null = null;

/** Draws an overlay as PNG. The picture in it must be PNG or JPEG, RGB or grey. */
export async function overlayPng(overlay: Overlay): Promise<Uint8Array> {
  ready ??= initWasm(resvgWasm);
  const [fonts] = await Promise.all([loadFonts(overlay.entities.flatMap(({ text, type }) => [text, type])), ready]);
  return drawPng(overlay, fonts);
}
