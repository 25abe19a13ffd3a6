import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

/** Bytes of a bundle after gzip: its JavaScript, which an isolate parses when it starts, and all its files. */
export function bundleSize(folder: string): { code: number; total: number } {
  const sizes = readdirSync(folder)
    .filter((file) => !file.endsWith(".map") && file !== "README.md")
    .map((file) => ({ file, bytes: gzipSync(readFileSync(join(folder, file))).length }));
  const sum = (files: typeof sizes) => files.reduce((all, { bytes }) => all + bytes, 0);
  return { code: sum(sizes.filter(({ file }) => file.endsWith(".js"))), total: sum(sizes) };
}
