import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { boxArea, intersectBoxes } from "../../../../schemas/geometry.ts";
import { LIMITS } from "../../../../schemas/limits.ts";
import type { Box, Size } from "../../../../schemas/primitives.ts";
import type { Entity } from "../../../../schemas/recognize.ts";
import { styleAt } from "../../../../src/image/overlay/colours.ts";
import { overlaySvg } from "../../../../src/image/overlay/svg.ts";
import { drawable, textWidth } from "../../../../src/image/overlay/text.ts";
import { areApart, isInside } from "../../../support/boxes.ts";
import { entityOf, maskWhere, regionOf } from "../../../support/overlay-entity.ts";
import { font } from "../../../support/overlay-font.ts";

const PARTIAL = "Partial answer: some stages failed";
const PICTURE = "data:image/png;base64,AAAA";
const draw = (size: Size, entities: readonly Entity[], onlyFont = false, partial = false) =>
  overlaySvg({ picture: PICTURE, size, entities, partial }, font, onlyFont);
/** Numbers in the elements of an SVG. */
const numbers = (svg: string, element: RegExp) =>
  Array.from(svg.matchAll(element), (match) => match.slice(1).map(Number));
const sizeOf = (svg: string) => numbers(svg, /^<svg [^>]*width="(\d+)" height="(\d+)"/g)[0] ?? [];
const platesIn = (svg: string): Box[] =>
  numbers(svg, /<svg x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)">/g).map(
    ([x = 0, y = 0, w = 0, h = 0]) => ({
      ...{ xmin: x, ymin: y },
      // Written to a tenth of a pixel.
      ...{ xmax: x + w - 0.1, ymax: y + h - 0.1 },
    }),
  );
const textsIn = (svg: string) =>
  Array.from(svg.matchAll(/<text [^>]*>([^<]*)<\/text>/g), (match) => (match[1] ?? "").replace(/[\u2068\u2069]/g, ""));

const picture = fc.record({ width: fc.integer({ min: 1, max: 4000 }), height: fc.integer({ min: 1, max: 4000 }) });
const unit = fc.double({ min: 0, max: 1, noNaN: true });
const corners = fc.tuple(unit, unit, unit, unit);
const shape = fc.record({ visible: fc.constantFrom(true, false, null), boxes: fc.array(corners, { maxLength: 3 }) });

describe("overlaySvg", () => {
  test("names every entity once or once per region, with no label over another, for any picture", () => {
    fc.assert(
      fc.property(picture, fc.array(shape, { maxLength: 30 }), (size, shapes) => {
        let count = 0;
        const entities = shapes.map(({ visible, boxes }, index) => {
          const regions = boxes.map(([x, y, w, h]) => {
            const [xmin, ymin] = [x * size.width * 0.9, y * size.height * 0.9];
            return regionOf(`r${++count}`, [
              xmin,
              ymin,
              xmin + (w + 0.01) * (size.width - xmin),
              ymin + (h + 0.01) * (size.height - ymin),
            ]);
          });
          return entityOf(`e${index + 1}`, `Name ${index + 1}`, "PER", visible, regions);
        });
        const svg = draw(size, entities, true);
        const [width = 0, height = 0] = sizeOf(svg);
        expect(width).toBeGreaterThanOrEqual(LIMITS.overlayLeastSide);
        expect(width).toBeLessThanOrEqual(LIMITS.overlaySide);
        for (const [fontSize = 0] of numbers(svg, /font-size="(\d+)"/g)) expect(fontSize).toBeGreaterThanOrEqual(12);
        const plates = platesIn(svg);
        expect(areApart(plates)).toBe(true);
        for (const plate of plates) expect(isInside(plate, { width, height })).toBe(true);
        const texts = textsIn(svg);
        for (const { text, regions, visible } of entities) {
          const named = texts.filter((drawn) => drawn.replace(/^r\d+ /, "").startsWith(`${text} · person`));
          // The legend says of candidates that their entity is not known to be visible.
          const listed = regions.length === 0 || visible !== true;
          expect(named).toHaveLength(regions.length + Number(listed));
        }
      }),
    );
  });

  test("draws mask, box and label in their places", () => {
    const size = { width: 1000, height: 200 };
    const mask = maskWhere(size, (x, y) => x >= 10 && x < 20 && y >= 60 && y < 70);
    const svg = draw(size, [
      entityOf("e1", "Eileen Collins", "PER", true, [
        regionOf("r1", [10, 60, 20, 70], mask, { link: { score: 0.75 } }),
      ]),
    ]);
    expect(svg).toContain('<path id="mask-0" d="M20 60v10h-10v-10z"/>');
    // The outline is 3 px wide and lies outside the box.
    expect(svg).toContain(
      '<rect x="8.5" y="58.5" width="13" height="13" fill="none" stroke="#41ffff" stroke-width="3"/>',
    );
    expect(platesIn(svg)[0]).toMatchObject({ xmin: 7, ymin: 20 });
    expect(textsIn(svg)).toEqual(["Eileen Collins · person 75%", "%: the chance that it is the named one"]);
    expect(svg).toContain("<title>In the picture: Eileen Collins (person, 75%)</title>");
  });

  test("lists entities without a region below the picture, by reason", () => {
    const svg = draw({ width: 900, height: 300 }, [
      entityOf("e1", "NASA", "ORG", true),
      entityOf("e2", "Apollo", "OTHER", null),
      entityOf("e3", "Houston", "LOC", false),
      entityOf("e4", "Texas", "LOC", false),
    ]);
    expect(textsIn(svg)).toEqual([
      ...["Visible, not located:", "NASA · organisation", "Cannot tell:", "Apollo · other"],
      ...["Not found:", "Houston · place", "Texas · place"],
    ]);
    const tops = numbers(svg, /<text x="[\d.]+" y="([\d.]+)"/g).flat();
    for (const top of tops) expect(top).toBeGreaterThan(300);
  });

  test("outlines the mask of a thing, and tints that of printed words alone", () => {
    const size = { width: 400, height: 300 };
    const mask = maskWhere(size, (x, y) => x > 50 && x < 90 && y > 60 && y < 90);
    const masked = (evidence: "object" | "print") =>
      draw(size, [entityOf("e1", "ACME", "ORG", true, [regionOf("r1", [50, 60, 90, 90], mask, { evidence })])]);
    expect(masked("object").match(/<use href="#mask-0"/g)).toHaveLength(3);
    expect(masked("print").match(/<use href="#mask-0"/g)).toHaveLength(1);
  });

  test("does not outline a mask of noise", () => {
    const size = { width: 400, height: 300 };
    const region = regionOf(
      "r1",
      [0, 0, 400, 300],
      maskWhere(size, (x, y) => (x + y) % 2 === 0),
    );
    const svg = draw(size, [entityOf("e1", "Static", "OTHER", true, [region])]);
    expect(svg.match(/<use href="#mask-0"/g)).toHaveLength(1);
  });

  test("explains a guess and a chance once, below the picture", () => {
    const guess = (id: string, x: number, score: number) =>
      regionOf(id, [x, 40, x + 90, 140], null, { link: { basis: "guess", score } });
    const svg = draw({ width: 900, height: 300 }, [
      entityOf("e1", "Ana", "PER", true, [guess("r1", 10, 0.6)]),
      entityOf("e2", "Berta", "PER", true, [guess("r2", 400, 0.4)]),
    ]);
    expect(textsIn(svg)).toEqual([
      ...["? Ana · person 60%", "? Berta · person 40%"],
      ...["? which of them is named is a guess", "%: the chance that it is the named one"],
    ]);
  });

  test("gives each entity a colour of its own, whatever its type, and all its regions that colour", () => {
    const region = (id: string, x: number) => regionOf(id, [x, 40, x + 20, 60]);
    const svg = draw({ width: 900, height: 300 }, [
      entityOf("e1", "Ana", "PER", true, [region("r1", 10), region("r2", 300)]),
      entityOf("e2", "Berta", "PER", true),
      entityOf("e3", "Clara", "PER", true, [region("r3", 600)]),
    ]);
    const strokes = Array.from(svg.matchAll(/fill="none" stroke="([^"]+)" stroke-width="3"/g), ([, colour]) => colour);
    expect(strokes).toEqual([styleAt(0).fill, styleAt(0).fill, styleAt(1).fill]);
  });

  test("covers no face and no printed words with a name, for any two people and a sign", () => {
    fc.assert(
      fc.property(corners, corners, corners, (first, second, third) => {
        const size = { width: 800, height: 600 };
        const [one, other, sign] = [first, second, third].map(([x, y, w, h]): Box => {
          const [xmin, ymin] = [700 * x, 500 * y];
          return { xmin, ymin, xmax: xmin + 10 + (790 - xmin) * w, ymax: ymin + 10 + (590 - ymin) * h };
        }) as [Box, Box, Box];
        const region = (id: string, box: Box, evidence: "object" | "print") =>
          regionOf(id, [box.xmin, box.ymin, box.xmax, box.ymax], null, { evidence });
        const svg = draw(size, [
          entityOf("e1", "Ana", "PER", true, [region("r1", one, "object")]),
          entityOf("e2", "Berta", "PER", true, [region("r2", other, "object")]),
          entityOf("e3", "ACME", "ORG", true, [region("r3", sign, "print")]),
        ]);
        const face = (box: Box) => ({ ...box, ymax: box.ymin + 0.3 * (box.ymax - box.ymin) });
        const texts = textsIn(svg);
        for (const [index, plate] of platesIn(svg).entries()) {
          if (/^r\d$/.test(texts[index] ?? "")) continue;
          const inner = { xmin: plate.xmin + 0.1, ymin: plate.ymin + 0.1, xmax: plate.xmax, ymax: plate.ymax };
          for (const box of [face(one), face(other), sign]) expect(boxArea(intersectBoxes(inner, box))).toBe(0);
        }
      }),
    );
  });

  test("scales picture, boxes and masks down when the picture is larger than the limit", () => {
    const size = { width: 3200, height: 1600 };
    const mask = maskWhere(size, (_, y) => y < 800);
    const svg = draw(size, [entityOf("e1", "Sky", "OTHER", true, [regionOf("r1", [0, 0, 3200, 800], mask)])]);
    expect(svg).toContain(`viewBox="0 0 ${LIMITS.overlaySide} 800"`);
    expect(svg).toContain('d="M1600 0v400h-1600v-400z"');
    // The outline is 4 px wide: inside at the frame's edges, outside below the box (400 to 404).
    expect(svg).toContain('<rect x="2" y="2" width="1596" height="400" fill="none"');
  });

  test.each([
    [{ width: 1, height: 1 }, [320, 320], [320, 320]],
    [{ width: 64, height: 48 }, [320, 240], [320, 240]],
    [{ width: 1, height: 2000 }, [320, 1600], [1, 1600]],
    [{ width: 2000, height: 1 }, [1600, 168], [1600, 1]],
    [{ width: 640, height: 480 }, [640, 480], [640, 480]],
  ])("draws a picture of %j as %j, the picture itself as %j", (size, drawn, inner) => {
    const svg = draw(size, []);
    expect(sizeOf(svg)).toEqual(drawn);
    expect(numbers(svg, /<image [^>]*width="(\d+)" height="(\d+)"/g)).toEqual([inner]);
    expect(svg.includes("optimizeSpeed")).toBe(Math.max(size.width, size.height) < 320);
  });

  test("says which names it cannot draw, and gives their ids, when there is no other font", () => {
    const entities = [entityOf("e1", "中国", "LOC", false), entityOf("e2", "ירושלים", "LOC", false)];
    const size = { width: 400, height: 300 };
    expect(textsIn(draw(size, entities))).toEqual(["Not found:", "中国 · place", "ירושלים · place"]);
    expect(textsIn(draw(size, entities, true))).toEqual([
      ...["This drawing lacks letters for the names of e1: see the", "answer"],
      ...["Not found:", "e1 · place", "ירושלים · place"],
    ]);
  });

  test("cuts the name and the type but not the chance when the label is too long", () => {
    const long = entityOf("e1", "A".repeat(300), "T".repeat(60), true, [
      regionOf("r1", [0, 0, 9, 9], null, { link: { score: 0.5 } }),
    ]);
    expect(textsIn(draw({ width: 320, height: 200 }, [long]))[0]).toMatch(/^A+… · T+… 50%$/);
  });

  test("escapes a name that holds markup", () => {
    const svg = draw({ width: 900, height: 80 }, [entityOf("e1", '"><script>alert(1)</script>', "PER", true)]);
    expect(svg).not.toContain("<script");
    expect(svg).toContain("&lt;script&gt;");
  });

  test.each([
    { width: 1, height: 1 },
    { width: 1, height: 2000 },
    { width: 2000, height: 1 },
    { width: 320, height: 240 },
    { width: 4000, height: 3000 },
  ])("says below a picture of %j that the answer is partial", (size) => {
    const svg = draw(size, [entityOf("e1", "Houston", "LOC", false)], true, true);
    expect(textsIn(svg)).toEqual([PARTIAL, "Not found:", "Houston · place"]);
    const frame = draw(size, [], true);
    const [[x = 0, y = 0, fontSize = 0] = []] = numbers(svg, /<text x="([\d.]+)" y="([\d.]+)" [^>]*font-size="(\d+)"/g);
    expect(y).toBeGreaterThan(sizeOf(frame)[1] ?? 0);
    expect(y).toBeLessThan(sizeOf(svg)[1] ?? 0);
    expect(x + textWidth(PARTIAL, fontSize, font)).toBeLessThanOrEqual(sizeOf(svg)[0] ?? 0);
    expect(drawable(PARTIAL, font)).toBe(PARTIAL);
    expect(svg).toContain(
      `<title>${PARTIAL}. Nothing named is marked in the picture. Not found: Houston (place)</title>`,
    );
  });

  test("fits the notice of a partial answer into the width of any picture", () => {
    fc.assert(
      fc.property(picture, (size) => {
        const svg = draw(size, [], true, true);
        const [[x = 0, fontSize = 0] = []] = numbers(svg, /<text x="([\d.]+)" [^>]*font-size="(\d+)"/g);
        expect(x + textWidth(PARTIAL, fontSize, font)).toBeLessThanOrEqual(sizeOf(svg)[0] ?? 0);
      }),
    );
  });

  test("says nothing of a partial answer when the answer is whole", () => {
    const entities = [entityOf("e1", "Houston", "LOC", false)];
    expect(draw({ width: 400, height: 300 }, entities)).not.toMatch(/partial/i);
  });

  test("draws a bounded number of boxes and lines, and says how many are left, when an answer has thousands", () => {
    const regions = Array.from({ length: 10_000 }, (_, index) => regionOf(`r${index}`, [index % 300, 0, 310, 200]));
    const svg = draw({ width: 400, height: 300 }, [entityOf("e1", "Houston", "LOC", true, regions)], true);
    expect(svg.match(/fill="none" stroke="#41ffff"/g)).toHaveLength(LIMITS.overlayRegions);
    expect(textsIn(svg)).toContain("9900 more boxes are not drawn");
    expect(textsIn(svg).length).toBeLessThan(3 * LIMITS.overlayRegions);
    expect(svg.length).toBeLessThan(200_000);
  });

  test.each(["<b>x</b>", '"><script>alert(1)</script>', "a & b", "]]>", "\u0000\u202ex"])(
    "escapes the name %j, which a caller chose",
    (name) => {
      const svg = draw({ width: 400, height: 300 }, [
        entityOf("e1", name, name, true, [regionOf("r1", [9, 9, 90, 90])]),
      ]);
      expect(svg).not.toMatch(/<(?:b|script)>|\]\]>|\u202e/);
      expect(svg).not.toContain("\u0000");
      expect(svg.match(/&(?!amp;|lt;|gt;|quot;|#39;)/)).toBeNull();
    },
  );
});
