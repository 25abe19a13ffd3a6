import { existsSync, statSync } from "node:fs";
import { basename, join } from "node:path";

const SPLITS = ["train", "dev", "valid", "test"];

/**
 * The files of a data set: a file itself, or the splits of a folder or of the folder `txt` in it, in the order train,
 * dev, valid, test. Throws when there are none.
 */
export function splitFilesOf(path: string): string[] {
  if (!existsSync(path)) throw new Error(`there is no ${path}`);
  if (!statSync(path).isDirectory()) return [path];
  const folder = [path, join(path, "txt")].find((one) => SPLITS.some((split) => existsSync(join(one, `${split}.txt`))));
  if (!folder) throw new Error(`${path} has none of ${SPLITS.map((split) => `${split}.txt`).join(", ")}`);
  return SPLITS.map((split) => join(folder, `${split}.txt`)).filter((file) => existsSync(file));
}

/** The file of one split. Throws, with the splits that there are, unless exactly one file is meant. */
export function splitFileOf(path: string, split: string | undefined): string {
  const files = splitFilesOf(path);
  const names = files.map((file) => basename(file, ".txt"));
  if (!statSync(path).isDirectory()) {
    if (split !== undefined) throw new Error(`--split names a file of a folder, and ${path} is a file`);
  } else if (split === undefined && files.length > 1) {
    throw new Error(`${path} has ${names.join(", ")}: choose one with --split`);
  }
  const file = split === undefined ? files[0] : files[names.indexOf(split)];
  if (file === undefined) throw new Error(`${path} has no split ${split}; it has ${names.join(", ")}`);
  return file;
}
