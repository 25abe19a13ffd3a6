import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { initWasm } from "@resvg/resvg-wasm";
import { readFont } from "../../src/image/overlay/font.ts";

const path = (module: string) => createRequire(import.meta.url).resolve(module);

/** The bytes that the Worker bundles. */
export const fontBytes = new Uint8Array(readFileSync(path("dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf")));
export const font = readFont(fontBytes.buffer);

let ready: Promise<void> | null = null;

/** The renderer that the Worker bundles, in Node. */
export function initRenderer(): Promise<void> {
  ready ??= initWasm(readFileSync(path("@resvg/resvg-wasm/index_bg.wasm")));
  return ready;
}
