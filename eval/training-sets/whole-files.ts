import { type FileHandle, open, rename, rm, stat } from "node:fs/promises";

/** Appends to a file. The next write must wait for the promise, so that memory holds little of the file. */
export type Append = (text: string) => Promise<void>;

/** UTF-16 code units that are kept for one write. */
const BLOCK = 1 << 16;

/**
 * Writes files that appear whole or not at all: each is written to `PATH.new`, and all are renamed once they are
 * complete. A command that is killed leaves `PATH.new`, which the next one overwrites.
 *
 * @param fill writes the files, with one function for each path in their order
 * @throws what `fill` throws, or the error of the file system with the path; `PATH.new` is then removed
 */
export async function writeWholeFiles<Result>(
  paths: readonly string[],
  fill: (files: readonly Append[]) => Promise<Result>,
): Promise<Result> {
  const files: OpenFile[] = [];
  try {
    for (const path of paths) await refuseFolder(path);
    for (const path of paths) files.push(new OpenFile(path, await open(partOf(path), "w")));
    const result = await fill(files.map((file) => (text) => file.append(text)));
    for (const file of files) await file.finish();
    for (const path of paths) await rename(partOf(path), path);
    return result;
  } catch (error) {
    await Promise.allSettled(files.map((file) => file.handle.close()));
    await Promise.allSettled(paths.slice(0, files.length).map((path) => rm(partOf(path), { force: true })));
    throw error;
  }
}

/** A folder would be found last, when another file has been replaced already. */
async function refuseFolder(path: string): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (found?.isDirectory()) throw new Error(`${path} is a folder, and must be a file`);
}

class OpenFile {
  readonly handle: FileHandle;
  private readonly path: string;
  private waiting = "";

  constructor(path: string, handle: FileHandle) {
    this.path = path;
    this.handle = handle;
  }

  async append(text: string): Promise<void> {
    this.waiting += text;
    if (this.waiting.length >= BLOCK) await this.flush();
  }

  /** Writes what is left, waits until the disk has it, and closes the file. */
  async finish(): Promise<void> {
    await this.flush();
    await this.named(this.handle.sync());
    await this.handle.close();
  }

  private async flush(): Promise<void> {
    const text = this.waiting;
    this.waiting = "";
    await this.named(this.handle.writeFile(text));
  }

  /** An error of a file that is open does not say which file it is. */
  private async named(done: Promise<void>): Promise<void> {
    await done.catch((error: Error) => {
      throw new Error(`${this.path}: ${error.message}`, { cause: error });
    });
  }
}

/** Where a file is written until it is complete. */
export function partOf(path: string): string {
  return `${path}.new`;
}
