import { Resvg } from "@resvg/resvg-wasm";

/**
 * Renders SVG as PNG, with its text in this one font. `initWasm` of the renderer must have been called before. A
 * picture in the SVG must be PNG or JPEG, RGB or grey: resvg 2.6.2 leaves out a WebP or a CMYK JPEG without an error.
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
