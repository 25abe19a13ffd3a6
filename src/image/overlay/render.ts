import { Resvg } from "@resvg/resvg-wasm";
import { escapeXml } from "./text.ts";

// `initWasm` of the renderer must have been called before either function.

/**
 * Renders SVG as PNG, with its text in these fonts. A picture in the SVG must be PNG or JPEG, RGB or grey: resvg 2.6.2
 * leaves out a WebP or a CMYK JPEG without an error.
 */
export function renderPng(svg: string, fonts: readonly Uint8Array[]): Uint8Array {
  return withRenderer(svg, fonts, (renderer) => {
    const image = renderer.render();
    try {
      return image.asPng();
    } finally {
      image.free();
    }
  });
}

/** How far right the ink of a text reaches from where the text starts, in parts of the font size. */
export function inkEdge(text: string, family: string, fonts: readonly Uint8Array[]): number {
  const [size, room] = [100, 4_000];
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${room}" height="${2 * size}"><text y="${size}" ` +
    `font-family="${family}" font-weight="bold" font-size="${size}">${escapeXml(text)}</text></svg>`;
  return withRenderer(svg, fonts, (renderer) => {
    const box = renderer.getBBox();
    try {
      return box ? (box.x + box.width) / size : 0;
    } finally {
      box?.free();
    }
  });
}

function withRenderer<T>(
  svg: string,
  fonts: readonly Uint8Array[],
  use: (renderer: InstanceType<typeof Resvg>) => T,
): T {
  const options = { fontBuffers: [...fonts], defaultFontFamily: "DejaVu Sans", sansSerifFamily: "DejaVu Sans" };
  const renderer = new Resvg(svg, { font: options });
  try {
    return use(renderer);
  } finally {
    renderer.free();
  }
}
