import { renameSync, writeFileSync } from "node:fs";

/** Writes a file whole: a process that is killed leaves the former file, or none. */
export function writeWhole(path: string, text: string): void {
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}
