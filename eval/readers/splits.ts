import { existsSync, statSync } from "node:fs";
import { join } from "node:path";

const SPLITS = ["train", "dev", "valid", "test"];

/** A file, or the splits in a folder or in its folder `txt`, in their order. Throws when there are none. */
export function splitFiles(path: string): string[] {
  if (!existsSync(path)) throw new Error(`there is no ${path}`);
  if (!statSync(path).isDirectory()) return [path];
  const folder = [path, join(path, "txt")].find((one) => SPLITS.some((split) => existsSync(join(one, `${split}.txt`))));
  if (!folder) throw new Error(`${path} has none of ${SPLITS.map((split) => `${split}.txt`).join(", ")}`);
  return SPLITS.map((split) => join(folder, `${split}.txt`)).filter((file) => existsSync(file));
}
