import sharp from "sharp";
import { beforeAll, describe, expect, test } from "vitest";
import { inkEdge } from "../../../../src/image/overlay/render.ts";
import { alike, difference, golden } from "../../../support/golden.ts";
import { fontBytes, initRenderer } from "../../../support/overlay-font.ts";
import {
  drawScene,
  espresso,
  manyThings,
  SCENES,
  type Scene,
  twoGuesses,
  twoPeople,
} from "../../../support/overlay-scenes.ts";

beforeAll(initRenderer);

const sceneOf = (name: string) => SCENES[name] as Scene;

describe("renderPng", () => {
  test.each(Object.keys(SCENES))("draws the golden picture of %s", async (name) => {
    const drawn = await drawScene(sceneOf(name));
    const found = await difference(drawn, await golden(name.replaceAll(/[ ,]+/g, "-"), drawn));
    expect(found).toSatisfy(alike);
  });

  test.each([
    ["a box three pixels to the right", "two people who overlap", twoPeople(3)],
    ["another chance", "two people who overlap", twoPeople(0, 0.97)],
    ["another name", "two people who overlap", twoPeople(0, 0.98, "Housten")],
    ["a mask without its hole", "a small picture, its mask with a hole", espresso(0)],
    ["another type", "a small picture, its mask with a hole", espresso(7, "ORG")],
    ["no guess marks", "two people with guess marks", twoGuesses("only_candidate")],
    ["one entity less", "nine entities", manyThings(8)],
    [
      "no notice that it is partial",
      "a partial answer",
      { ...twoPeople(), entities: twoPeople().entities.slice(0, 2), partial: false },
    ],
  ])("draws another picture when it has %s", async (_, name, wrong) => {
    expect(await difference(await drawScene(wrong), await drawScene(sceneOf(name)))).not.toSatisfy(alike);
  });

  test("is compared with a tolerance of one level per pixel", async () => {
    const drawn = await drawScene(twoPeople());
    const brighter = await sharp(drawn).linear(1, 1).png().toBuffer();
    const found = await difference(brighter, drawn);
    expect(found.mean).toBeGreaterThan(0.5);
    expect(found).toSatisfy(alike);
  });
});

describe("inkEdge", () => {
  test("is how far right the ink reaches, in parts of the font size", () => {
    // H is 1714 of 2048 units wide with a bearing of 188 on its right (DejaVu Sans Bold).
    expect(inkEdge("H", "DejaVu Sans", [fontBytes])).toBeCloseTo((1714 - 188) / 2048, 2);
    expect(inkEdge("HH", "DejaVu Sans", [fontBytes])).toBeCloseTo((2 * 1714 - 188) / 2048, 2);
  });

  test("is 0 for a text without ink", () => {
    expect(inkEdge(" ", "DejaVu Sans", [fontBytes])).toBe(0);
  });
});
