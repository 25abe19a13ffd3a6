import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { writeWholeFiles } from "../../../../eval/training-sets/whole-files.ts";
import { folderOf } from "../../../support/evaluation-files.ts";

const MODULE = fileURLToPath(new URL("../../../../eval/training-sets/whole-files.ts", import.meta.url));

describe("writeWholeFiles", () => {
  it("writes what is appended, in order and in UTF-8, over what was there", async () => {
    const folder = folderOf({ a: "old", "a.new": "of a killed command, and longer than the new text" });
    const [a, b] = [join(folder, "a"), join(folder, "b")];
    const long = "é".repeat(50_000);
    const result = await writeWholeFiles([a, b], async ([first, second]) => {
      for (let line = 0; line < 5; line++) {
        await first?.(`${line}${long}\n`);
        await second?.(`${line}\n`);
      }
      expect(readFileSync(a, "utf8")).toBe("old");
      expect(existsSync(b)).toBe(false);
      return 5;
    });
    expect(result).toBe(5);
    expect(readFileSync(a, "utf8")).toBe([0, 1, 2, 3, 4].map((line) => `${line}${long}\n`).join(""));
    expect(readFileSync(b, "utf8")).toBe("0\n1\n2\n3\n4\n");
    expect(readdirSync(folder).toSorted()).toEqual(["a", "b"]);
  });

  it("leaves nothing, and the old file as it was, when filling fails", async () => {
    const folder = folderOf({ a: "old" });
    const failing = writeWholeFiles([join(folder, "a"), join(folder, "b")], async ([first]) => {
      await first?.("x".repeat(100_000));
      throw new Error("no more");
    });
    await expect(failing).rejects.toThrow("no more");
    expect(readdirSync(folder)).toEqual(["a"]);
    expect(readFileSync(join(folder, "a"), "utf8")).toBe("old");
  });

  it("leaves nothing when a folder is not there", async () => {
    const folder = folderOf({});
    const failing = writeWholeFiles([join(folder, "a"), join(folder, "none/b")], async () => {});
    await expect(failing).rejects.toThrow("ENOENT");
    expect(readdirSync(folder)).toEqual([]);
  });

  it("leaves everything as it was when one of the paths is a folder", async () => {
    const folder = folderOf({ a: "old", "b/c": "" });
    let filled = false;
    const failing = writeWholeFiles([join(folder, "a"), join(folder, "b")], async () => {
      filled = true;
    });
    await expect(failing).rejects.toThrow(`${join(folder, "b")} is a folder`);
    expect([filled, readdirSync(folder).toSorted(), readFileSync(join(folder, "a"), "utf8")]).toEqual([
      ...[false, ["a", "b"], "old"],
    ]);
  });

  it.runIf(existsSync("/dev/full"))("names the file that cannot be written to", async () => {
    const folder = folderOf({});
    symlinkSync("/dev/full", join(folder, "a.new"));
    const failing = writeWholeFiles([join(folder, "a")], async ([append]) => append?.("x".repeat(100_000)));
    await expect(failing).rejects.toThrow(`${join(folder, "a")}: ENOSPC`);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("leaves no file of the name when the process is killed in the middle", async () => {
    const folder = folderOf({
      "kill.ts": `import { writeWholeFiles } from ${JSON.stringify(MODULE)};
        await writeWholeFiles([process.argv[2]], async ([append]) => {
          await append("x".repeat(100_000));
          process.kill(process.pid, "SIGKILL");
          await new Promise(() => setInterval(() => {}, 1_000));
        });`,
    });
    const signal = await new Promise((done) => {
      execFile(process.execPath, [join(folder, "kill.ts"), join(folder, "a")], (error) => done(error?.signal));
    });
    expect(signal).toBe("SIGKILL");
    expect(readdirSync(folder).toSorted()).toEqual(["a.new", "kill.ts"]);
    await writeWholeFiles([join(folder, "a")], async ([append]) => append?.("whole"));
    expect(readFileSync(join(folder, "a"), "utf8")).toBe("whole");
  });
});
