import { initWasm } from "@resvg/resvg-wasm";
import resvgWasm from "@resvg/resvg-wasm/index_bg.wasm";
import { bundledFontBytes } from "./bundled-font.ts";
import { renderPng } from "./render.ts";

// Compiled once per isolate.
let ready: Promise<void> | null = null;

/** Renders an overlay's SVG as PNG, in the bundled font. The picture in it must be PNG or JPEG, RGB or grey. */
export async function overlayPng(svg: string): Promise<Uint8Array> {
  ready ??= initWasm(resvgWasm);
  await ready;
  return renderPng(svg, bundledFontBytes);
}
