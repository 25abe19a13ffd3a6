import { readFile, writeFile } from "node:fs/promises";

const ROOT = new URL("../", import.meta.url);

/**
 * Write generated files. When the process was started with `--check`, write nothing, and let it exit with 1 when a file
 * has another text.
 *
 * @param files the texts, by path from the repository's root
 * @param command what to run when a file is not up to date
 */
export async function writeGenerated(files: Readonly<Record<string, string>>, command: string): Promise<void> {
  for (const [file, text] of Object.entries(files)) {
    const path = new URL(file, ROOT);
    if (!process.argv.includes("--check")) await writeFile(path, text);
    else if ((await readFile(path, "utf8").catch(() => "")) !== text) {
      console.error(`${file} is not up to date: run ${command}`);
      process.exitCode = 1;
    }
  }
}
