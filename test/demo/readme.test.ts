import { execFile, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Entity } from "../../schemas/recognize.ts";
import { RecognizeAnswer } from "../../schemas/recognize.ts";
import { type Stack, startStack } from "../../scripts/stack.ts";

const root = resolve(import.meta.dirname, "../..");
const readme = readFileSync(join(root, "README.md"), "utf8");
const has = (command: string) => spawnSync(command, ["--version"]).status === 0;

/** The only code block of a language, with the address of the stack that runs. */
function block(language: string, url = ""): string {
  const blocks = [...readme.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, "g"))];
  if (blocks.length !== 1) throw new Error(`README.md has ${blocks.length} blocks of ${language}`);
  return (blocks[0]?.[1] ?? "").replaceAll("http://127.0.0.1:8787", url);
}

/** A working directory that has the example pictures, and into which the commands may write. */
const folder = mkdtempSync(join(tmpdir(), "namesight-readme-"));
symlinkSync(join(root, "examples"), join(folder, "examples"));
let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ forgetsState: true, onOutput: () => undefined });
});
afterAll(async () => {
  await stack.stop();
  rmSync(folder, { recursive: true, force: true });
});

const run = async (command: string, ...arguments_: string[]): Promise<string> =>
  (await promisify(execFile)(command, arguments_, { cwd: folder, maxBuffer: 8 * 1024 * 1024 })).stdout;

describe("README.md", () => {
  test.runIf(has("curl"))("has curl commands that return the answer and write the overlay", async () => {
    const answer = RecognizeAnswer.parse(JSON.parse(await run("sh", "-c", block("sh", stack.url))));
    expect(answer.entities.map(({ text, visible }) => [text, visible])).toEqual([
      ["Eileen Collins", true],
      ["Houston", null],
    ]);
    expect((await sharp(join(folder, "out.png")).metadata()).format).toBe("png");
  });

  test("has TypeScript that prints every entity", async () => {
    writeFileSync(join(folder, "client.ts"), block("ts", stack.url));
    const printed = await run(process.execPath, "--disable-warning=ExperimentalWarning", "client.ts");
    expect(printed).toMatch(/^Eileen Collins true \[[\s\S]*start: 3, end: 17/);
    expect(printed).toMatch(/^Houston null \[/m);
  });

  test.runIf(has("python3"))("has Python whose offsets cut the names out of the text", async () => {
    expect(await run("python3", "-c", block("python", stack.url))).toBe("['Eileen Collins']\n['Houston']\n");
  });

  test.each(["sh", "ts", "python"])("has six lines of %s", (language) => {
    expect(block(language).trim().split("\n")).toHaveLength(6);
  });

  test("shows an answer that the embedded models really give", async () => {
    const form = new FormData();
    form.set("text", "Eileen Collins in Houston 🚀");
    form.set("image", new Blob([readFileSync(join(root, "examples/photos/astronaut.png"))]));
    const response = await fetch(`${stack.url}/v1/recognize`, { method: "POST", body: form });
    const found = RecognizeAnswer.parse(await response.json()).entities[0] as Entity;
    const shown = JSON.parse(block("json")) as Entity;
    const {
      score,
      regions: [{ box: shownBox, score: shownScore, ...region } = {}],
      ...entity
    } = {
      ...shown,
      regions: shown.regions as Partial<Entity["regions"][number]>[],
    };
    expect(found).toMatchObject(entity);
    expect(found.regions[0]).toMatchObject({ ...region, mask: { size: [512, 512] } });
    expect(found.score).toBeCloseTo(score ?? 0, 1);
    expect(found.regions[0]?.score).toBeCloseTo(shownScore ?? 0, 1);
    for (const edge of ["xmin", "ymin", "xmax", "ymax"] as const)
      expect(Math.abs((found.regions[0]?.box[edge] ?? 0) - (shownBox?.[edge] ?? 0))).toBeLessThan(2);
  });

  test("links only to files that exist", () => {
    const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, path = ""]) => path);
    expect(links.length).toBeGreaterThan(10);
    expect(links.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });
});
