import { Resvg } from "@resvg/resvg-wasm";

/**
 * SVG as PNG, its text in one font alone. The renderer draws nothing, without a word, for pictures that are WebP or
 * CMYK JPEG: convert them first. Its wasm must have been initialised.
 */
export function renderPng(svg: string, font: Uint8Array): Uint8Array {
  const options = { fontBuffers: [font], defaultFontFamily: "DejaVu Sans", sansSerifFamily: "DejaVu Sans" };
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
