import sharp from "sharp";
import { beforeAll, describe, expect, test } from "vitest";
import type { Size } from "../../../../schemas/primitives.ts";
import type { Entity } from "../../../../schemas/recognize.ts";
import { renderPng } from "../../../../src/image/overlay/render.ts";
import { overlaySvg } from "../../../../src/image/overlay/svg.ts";
import { alike, difference, golden } from "../../../support/golden.ts";
import { entityOf, maskWhere, regionOf } from "../../../support/overlay-entity.ts";
import { font, fontBytes, initRenderer } from "../../../support/overlay-font.ts";

beforeAll(initRenderer);

type Paint = (x: number, y: number) => readonly [red: number, green: number, blue: number];

/** Draws as the Worker does: `overlayPng` only adds how the bundler loads wasm and font. */
async function draw(size: Size, paint: Paint, entities: readonly Entity[], partial = false): Promise<Uint8Array> {
  const { width, height } = size;
  const raw = Buffer.from(
    Array.from({ length: width * height }, (_, index) => paint(index % width, Math.floor(index / width))).flat(),
  );
  const png = await sharp(raw, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
  const picture = `data:image/png;base64,${png.toString("base64")}`;
  return renderPng(overlaySvg({ picture, size, entities, partial }, font, true), fontBytes);
}

const within = (x: number, y: number, [cx, cy, rx, ry]: readonly [number, number, number, number]) =>
  ((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2 < 1;

/** Two people in front of a wall, as ellipses for heads and shoulders. */
const STAGE = { width: 480, height: 300 };
const LEFT = [
  [170, 110, 42, 52],
  [170, 290, 95, 130],
] as const;
const RIGHT = [
  [290, 120, 40, 50],
  [290, 300, 90, 130],
] as const;
const person = (parts: typeof LEFT | typeof RIGHT) => (x: number, y: number) =>
  parts.some((part) => within(x, y, part));
const people: Paint = (x, y) => {
  if (person(LEFT)(x, y)) return y < 162 ? [190, 140, 110] : [60, 70, 110];
  if (person(RIGHT)(x, y)) return y < 172 ? [120, 80, 60] : [150, 150, 160];
  return [225, 225 - Math.floor(y / 4), 205];
};
const twoPeople = (shift = 0, score = 0.98) => [
  entityOf("e1", "Eileen Collins", "PER", true, [
    regionOf("r1", [75 + shift, 58, 265 + shift, 300], score, maskWhere(STAGE, person(LEFT))),
  ]),
  entityOf("e2", "Grace Hopper", "PER", true, [
    regionOf("r2", [200, 70, 380, 300], 0.91, maskWhere(STAGE, person(RIGHT))),
  ]),
  entityOf("e3", "NASA", "ORG", true),
  entityOf("e4", "Apollo", "OTHER", null),
  entityOf("e5", "Houston", "LOC", false),
];
const HOUSTEN = entityOf("e5", "Housten", "LOC", false);

const CUP = { width: 64, height: 48 };
const ring = (hole: number) =>
  maskWhere(CUP, (x, y) => within(x, y, [30, 25, 18, 18]) && !within(x, y, [30, 25, hole, hole]));
const cup: Paint = (x, y) =>
  within(x, y, [30, 25, 18, 18]) ? (within(x, y, [30, 25, 7, 7]) ? [90, 50, 20] : [240, 240, 235]) : [130, 80, 50];
const espresso = (hole: number, type = "OTHER") => [
  entityOf("e1", "Espresso", type, true, [regionOf("r1", [12, 7, 48, 43], 0.8, ring(hole))]),
];

const plain: Paint = () => [136, 136, 170];
const NAMES = ["Ada Lovelace", "Dublin", "FIFA", "Analytical Engine"];
const TYPES = ["PER", "LOC", "ORG", "OTHER"];
const pick = (from: readonly string[], index: number) => from[index % from.length] ?? "";

const CASES: Record<string, () => Promise<Uint8Array>> = {
  "two people who overlap": () => draw(STAGE, people, twoPeople()),
  "more labels than there is room for": () =>
    draw(
      { width: 400, height: 240 },
      plain,
      Array.from({ length: 20 }, (_, index) => {
        const [x, y] = [15 + ((index * 53) % 330), 15 + ((index * 37) % 180)];
        const region = regionOf(`r${index + 1}`, [x, y, x + 40, y + 40], index / 20);
        return entityOf(`e${index + 1}`, `${pick(NAMES, index)} ${index + 1}`, pick(TYPES, index), true, [region]);
      }),
    ),
  "names in many scripts": () =>
    draw({ width: 480, height: 200 }, plain, [
      entityOf("e1", "ירושלים", "LOC", true, [regionOf("r1", [20, 40, 150, 120])]),
      entityOf("e2", "محمد صلاح 10", "PER", true, [regionOf("r2", [200, 40, 400, 180])]),
      entityOf("e3", "中国", "LOC", true, [regionOf("r3", [30, 150, 160, 190])]),
      entityOf("e4", "אדם", "אדם", true),
      entityOf("e5", "東京タワー 🗼", "LOC", false),
      entityOf("e6", "𝐁𝐨𝐥𝐝 Café", "ORG", false),
      entityOf("e7", "👨‍👩‍👧 Łódź Αθήνα Київ", "OTHER", false),
      entityOf("e8", "A very long name that goes on and on and on and would leave the picture", "OTHER", null),
    ]),
  "a thin picture": () =>
    draw({ width: 640, height: 4 }, plain, [
      entityOf("e1", "Eileen Collins", "PER", true, [regionOf("r1", [80, 0, 360, 4])]),
      entityOf("e2", "Houston", "LOC", false),
    ]),
  "a small picture, its mask with a hole": () => draw(CUP, cup, espresso(7)),
  "a partial answer": () => draw(STAGE, people, twoPeople().slice(0, 2), true),
  "nothing to be seen": () =>
    draw(
      { width: 320, height: 180 },
      plain,
      Array.from({ length: 25 }, (_, index) =>
        entityOf(`e${index + 1}`, pick(NAMES, index), pick(TYPES, index), index % 3 === 0 ? null : false),
      ),
    ),
};

describe("renderPng", () => {
  test.each(Object.keys(CASES))("draws the golden picture of %s", async (name) => {
    const drawn = (await CASES[name]?.()) ?? new Uint8Array();
    const found = await difference(drawn, await golden(name.replaceAll(/[ ,]+/g, "-"), drawn));
    expect(found).toSatisfy(alike);
  });

  test.each([
    ["a box three pixels to the right", "two people who overlap", () => draw(STAGE, people, twoPeople(3))],
    ["another score", "two people who overlap", () => draw(STAGE, people, twoPeople(0, 0.99))],
    ["another name", "two people who overlap", () => draw(STAGE, people, [...twoPeople().slice(0, -1), HOUSTEN])],
    ["a mask without its hole", "a small picture, its mask with a hole", () => draw(CUP, cup, espresso(0))],
    ["no notice that it is partial", "a partial answer", () => draw(STAGE, people, twoPeople().slice(0, 2))],
    ["another type's colour", "a small picture, its mask with a hole", () => draw(CUP, cup, espresso(7, "ORG"))],
  ])("draws another picture when it has %s", async (_, name, wrong) => {
    const right = (await CASES[name]?.()) ?? new Uint8Array();
    expect(await difference(await wrong(), right)).not.toSatisfy(alike);
  });

  test("is compared with a tolerance of one level per pixel", async () => {
    const drawn = await draw(STAGE, people, twoPeople());
    const brighter = await sharp(drawn).linear(1, 1).png().toBuffer();
    const found = await difference(brighter, drawn);
    expect(found.mean).toBeGreaterThan(0.5);
    expect(found).toSatisfy(alike);
  });
});
