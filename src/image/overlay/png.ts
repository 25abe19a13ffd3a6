import { initWasm, Resvg } from "@resvg/resvg-wasm";
import resvgWasm from "@resvg/resvg-wasm/index_bg.wasm";
import { bundledFontBytes } from "./bundled-font.ts";

// Compiled once an isolate.
let ready: Promise<void> | null = null;

/**
 * An overlay's SVG as PNG. The renderer knows no font but the bundled one, and draws nothing, without a word, for WebP and CMYK JPEG: the
 * caller converts such pictures first.
 */
export async function overlayPng(svg: string): Promise<Uint8Array> {
  ready ??= initWasm(resvgWasm);
  await ready;
  const options = { fontBuffers: [bundledFontBytes], defaultFontFamily: "DejaVu Sans", sansSerifFamily: "DejaVu Sans" };
  const renderer = new Resvg(svg, { font: options });
  try {
    const image = renderer.render();
    try {
      return image.asPng();
    } finally {
      image.free();
    }
  } finally {
    renderer.free();
  }
}
