import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

/** The top of this repository. */
export const ROOT = resolve(import.meta.dirname, "../..");
/** Files that the gates themselves need. */
const CONFIGURATION = [
  ".dependency-cruiser.cjs",
  ".gitignore",
  "biome.json",
  "package.json",
  "scripts",
  "tsconfig.json",
  "tsconfig.node.json",
];

/** A project in a folder of its own, with this repository's gates; tests plant violations in it. */
export interface PlantedProject {
  readonly folder: string;
  /** Copies a file or folder of this repository. */
  copy(path: string): void;
  write(file: string, content: string | Uint8Array): void;
  remove(file: string): void;
  /** Runs a program of node_modules/.bin in the project. */
  run(program: string, ...arguments_: string[]): { ok: boolean; output: string };
  /** Runs a TypeScript file of the project. */
  script(file: string, ...arguments_: string[]): { ok: boolean; output: string };
  end(): void;
}

/** @param copied files and folders of this repository; what all gates need together, without it */
export function plantProject(copied: readonly string[] = CONFIGURATION): PlantedProject {
  const folder = mkdtempSync(join(tmpdir(), "namesight-gates-"));
  const copy = (path: string) => cpSync(join(ROOT, path), join(folder, path), { recursive: true });
  for (const path of copied) copy(path);
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  const run = (program: string, ...arguments_: string[]) => {
    const { status, stdout, stderr } = spawnSync(join(ROOT, "node_modules/.bin", program), arguments_, {
      cwd: folder,
      encoding: "utf8",
    });
    return { ok: status === 0, output: stdout + stderr };
  };
  return {
    folder,
    run,
    copy,
    script: (file, ...arguments_) => run("node", "--disable-warning=ExperimentalWarning", file, ...arguments_),
    write(file, content) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), content);
    },
    remove: (file) => rmSync(join(folder, file), { recursive: true }),
    end: () => rmSync(folder, { recursive: true }),
  };
}
