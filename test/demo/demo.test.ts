import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { RecognizeAnswer } from "../../schemas/recognize.ts";
import { freePort, type Stack, startStack } from "../../scripts/stack.ts";

const root = resolve(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "namesight-demo-"));
let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ stateFolder: folder, onOutput: () => undefined });
});
afterAll(async () => {
  await stack.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** A script of the project against the stack that runs already. */
const script = (...arguments_: string[]) =>
  promisify(execFile)(process.execPath, ["--disable-warning=ExperimentalWarning", ...arguments_], {
    cwd: root,
    env: { ...process.env, NAMESIGHT_URL: stack.url, FUNCTIONS_URL: stack.functionsUrl },
    maxBuffer: 64 * 1024 * 1024,
  });

const recognize = (form: Record<string, string | Blob>, accept = "application/json") => {
  const body = new FormData();
  for (const [name, value] of Object.entries(form)) body.set(name, value);
  return fetch(`${stack.url}/v1/recognize`, { method: "POST", body, headers: { accept } });
};

describe("npm run demo", () => {
  test("a post of one's own: the answer alone on standard output, the files written", async () => {
    const { stdout } = await script(
      "scripts/demo.ts",
      "--text",
      "Eileen Collins in Houston",
      "--image",
      "examples/photos/astronaut.png",
      "--json",
    );
    const answer = RecognizeAnswer.parse(JSON.parse(stdout));
    expect(answer).toMatchObject({ partial: false, image: { width: 512, height: 512 } });
    const person = answer.entities.find(({ text }) => text === "Eileen Collins");
    expect(person).toMatchObject({
      type: "PER",
      visible: true,
      regions: [{ method: "coco-ssd", mask_method: "selfie-segmenter+grabcut" }],
    });
    expect(answer.entities.find(({ text }) => text === "Houston")).toMatchObject({
      type: "LOC",
      visible: false,
      regions: [],
    });
    expect(JSON.parse(readFileSync(join(root, "out/post.json"), "utf8"))).toEqual(answer);
    const { width, format } = await sharp(join(root, "out/post.png")).metadata();
    expect({ width, format }).toMatchObject({ format: "png" });

    const mask = await fetch(person?.regions[0]?.mask_url ?? "");
    expect([mask.status, mask.headers.get("content-type")]).toEqual([200, "image/png"]);
    const { data, info } = await sharp(new Uint8Array(await mask.arrayBuffer()))
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect([info.width, info.height]).toEqual([512, 512]);
    expect(data.some((value) => value > 0)).toBe(true);
  });

  test("without arguments: every post of examples/ gets a table, its answer and its picture", async () => {
    const { stdout } = await script("scripts/demo.ts");
    const posts = readdirSync(join(root, "examples"))
      .filter((file) => file.endsWith(".json"))
      .map((file) => file.replace(/\.json$/, ""));
    expect(posts.length).toBeGreaterThanOrEqual(12);
    for (const post of posts) {
      expect(stdout).toMatch(new RegExp(`^${post} \\(\\d+ ms\\): `, "m"));
      expect(RecognizeAnswer.parse(JSON.parse(readFileSync(join(root, `out/${post}.json`), "utf8"))).partial).toBe(
        false,
      );
      expect((await sharp(join(root, `out/${post}.png`)).metadata()).format).toBe("png");
    }
    expect(stdout).toMatch(/entity +type +visible\? +score +box +mask px +which model said so/);
  });

  test("a picture that is not there ends with a message and not with a trace", async () => {
    await expect(script("scripts/demo.ts", "--text", "x", "--image", "nothing.png")).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^ENOENT.*nothing\.png/),
    });
  });
});

test("a phone photo of 12 megapixels lying on its side: boxes, masks and overlay are upright", async () => {
  // The astronaut on a grey sheet, turned a quarter left and tagged to be turned back: what a phone held upright
  // writes.
  const astronaut = await sharp(join(root, "examples/photos/astronaut.png")).resize(3024, 3024).toBuffer();
  const upright = sharp({ create: { width: 3024, height: 4032, channels: 3, background: "#b0b0b0" } }).composite([
    { input: astronaut, top: 1008, left: 0 },
  ]);
  const stored = await sharp(await upright.png({ compressionLevel: 1 }).toBuffer())
    .rotate(270)
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer();
  const form = { text: "Eileen Collins", image: new Blob([new Uint8Array(stored)]) };

  const answer = RecognizeAnswer.parse(await (await recognize(form)).json());
  expect(answer).toMatchObject({ partial: false, image: { width: 3024, height: 4032 } });
  const [region] = answer.entities[0]?.regions ?? [];
  expect(region?.mask?.size).toEqual([4032, 3024]);
  // She fills the lower three quarters, from the left edge to three quarters of the width.
  expect(region?.box.ymin).toBeGreaterThan(900);
  expect(region?.box.ymax).toBeGreaterThan(3500);
  expect(region?.box.xmax).toBeLessThan(2500);

  const overlay = await recognize(form, "image/png");
  expect(overlay.status).toBe(200);
  const { width = 0, height = 0 } = await sharp(new Uint8Array(await overlay.arrayBuffer())).metadata();
  expect(height).toBeGreaterThan(width);
});

test("a post without a picture is a valid post", async () => {
  const answer = RecognizeAnswer.parse(await (await recognize({ text: "Lionel Messi in Barcelona" })).json());
  expect(answer).toMatchObject({ image: null, partial: false });
  expect(answer.entities.map(({ visibility }) => visibility.reason)).toEqual(answer.entities.map(() => "no_image"));
});

test("the SVG overlay of a WebP picture carries the name", async () => {
  const webp = await sharp(join(root, "examples/photos/astronaut.png")).webp().toBuffer();
  const form = { text: "Eileen Collins", image: new Blob([new Uint8Array(webp)]) };
  expect(await (await recognize(form, "image/svg+xml")).text()).toContain("Eileen Collins");
  expect((await recognize(form, "image/png")).status).toBe(200);
});

test("npm run eval -- examples: ours beats both baselines, and the two masks reach 0.85", async () => {
  const { stdout } = await script("eval/index.ts", "examples", "--json");
  const { systems, masks } = JSON.parse(stdout) as {
    systems: Record<string, { f1: number; right_answers: number }>;
    masks: Array<{ mask: string; iou: number | null }>;
  };
  const { ours, ...baselines } = systems;
  expect(Object.keys(baselines)).toEqual(["always_no", "always_largest_person"]);
  for (const baseline of Object.values(baselines)) {
    expect(ours?.f1).toBeGreaterThan(baseline.f1);
    expect(ours?.right_answers).toBeGreaterThan(baseline.right_answers);
  }
  expect(masks.map(({ mask }) => mask)).toEqual(["masks/astronaut.json", "masks/cat.json"]);
  for (const { iou } of masks) expect(iou).toBeGreaterThanOrEqual(0.85);
});

describe("npm start", () => {
  const start = (environment: Record<string, string>): ChildProcess =>
    spawn(process.execPath, ["--disable-warning=ExperimentalWarning", "scripts/start.ts"], {
      cwd: root,
      env: { ...process.env, ...environment },
    });
  const printed = (child: ChildProcess, stream: "stdout" | "stderr", until: RegExp) =>
    new Promise<string>((resolve, reject) => {
      let text = "";
      child[stream]?.setEncoding("utf8").on("data", (part: string) => {
        text += part;
        if (until.test(text)) resolve(text);
      });
      child.once("exit", (code) => reject(new Error(`ended with ${code}: ${text}`)));
    });

  test("stays up, says what to curl, and leaves nothing running after Ctrl-C", async () => {
    const [port, functionsPort] = [await freePort(), await freePort()];
    const child = start({ PORT: String(port), FUNCTIONS_PORT: String(functionsPort) });
    expect(await printed(child, "stdout", /curl -s .*v1\/recognize/)).toContain(`http://127.0.0.1:${port}`);
    child.kill("SIGINT");
    expect(await new Promise((resolve) => child.once("exit", resolve))).toBe(0);
    for (const gone of [port, functionsPort]) await expect(fetch(`http://127.0.0.1:${gone}/health`)).rejects.toThrow();
  });

  test("a busy port gives a clear error", async () => {
    const busy = await freePort();
    const server = createServer().listen(busy, "127.0.0.1");
    const child = start({ PORT: String(await freePort()), FUNCTIONS_PORT: String(busy) });
    expect(await printed(child, "stderr", /\n/)).toContain(`port ${busy} is already in use`);
    expect(await new Promise((resolve) => child.once("exit", resolve))).toBe(1);
    server.close();
  });
});
