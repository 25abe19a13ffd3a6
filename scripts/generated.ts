import { readFile, writeFile } from "node:fs/promises";
import { readOptions } from "./arguments.ts";

const ROOT = new URL("../", import.meta.url);

/**
 * Write generated files. When the process was started with `--check`, write nothing, and let it exit with 1 when a file
 * has another text. `--help` says so; any other option is refused.
 *
 * @param files the texts, by path from the repository's root
 * @param command what to run when a file is not up to date
 */
export async function writeGenerated(files: Readonly<Record<string, string>>, command: string): Promise<void> {
  const usage = `${command}: writes ${Object.keys(files).join(", ")}.\n\n  --check  write nothing, and fail when one is not up to date`;
  const { check } = readOptions(usage, { check: { type: "boolean" } });
  for (const [file, text] of Object.entries(files)) {
    const path = new URL(file, ROOT);
    if (!check) await writeFile(path, text);
    else if ((await readFile(path, "utf8").catch(() => "")) !== text) {
      console.error(`${file} is not up to date: run ${command}`);
      process.exitCode = 1;
    }
  }
}
