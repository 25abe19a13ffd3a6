import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";

/** Writes files into a folder that is removed when the test ends, and returns the folder. */
export function folderOf(files: Readonly<Record<string, string | Buffer>>): string {
  const folder = mkdtempSync(join(tmpdir(), "namesight-evaluation-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

/** A Pascal VOC file as labelImg writes it. */
export function vocXml(objects: ReadonlyArray<readonly [name: string, box: readonly number[]]>): string {
  const parts = objects.map(([name, [xmin, ymin, xmax, ymax]]) => {
    const box = `<xmin>${xmin}</xmin><ymin>${ymin}</ymin>\n<xmax>${xmax}</xmax><ymax>${ymax}</ymax>`;
    return `\t<object>\n\t\t<name>${name}</name>\n\t\t<difficult>0</difficult>\n\t\t<bndbox>${box}</bndbox>\n\t</object>`;
  });
  return `<annotation>\n<size><width>100</width><height>100</height></size>\n${parts.join("\n")}\n</annotation>\n`;
}
