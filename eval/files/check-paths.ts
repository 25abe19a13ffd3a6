import { existsSync, realpathSync, statSync } from "node:fs";
import { dirname } from "node:path";

/** The paths that a command which asks for masks was given. */
export interface Paths {
  /** The folder of the pictures. */
  readonly images: string;
  readonly out: string;
  /** Files that are read. */
  readonly inputs: readonly string[];
}

/**
 * Throws, in words, where the folder of the pictures is none, or the output cannot be written without a loss: before
 * anything is asked and paid.
 */
export function checkPaths({ images, out, inputs }: Paths): void {
  if (!isFolder(images)) throw new Error(`there is no folder ${images} for --images`);
  const folder = dirname(out);
  if (!isFolder(folder)) throw new Error(`there is no folder ${folder} for --out`);
  if (!existsSync(out)) return;
  if (isFolder(out)) throw new Error(`--out ${out} is a folder: name a file`);
  const same = inputs.find((input) => existsSync(input) && realpathSync(input) === realpathSync(out));
  if (same !== undefined) throw new Error(`--out ${out} would replace the input ${same}: name another file`);
}

function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}
