import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { boxArea, intersectBoxes } from "../../../../schemas/geometry.ts";
import { LIMITS } from "../../../../schemas/limits.ts";
import type { Box, Size } from "../../../../schemas/primitives.ts";
import type { Entity } from "../../../../schemas/recognize.ts";
import { type LabelRequest, placeLabels } from "../../../../src/image/overlay/labels.ts";
import { overlaySvg } from "../../../../src/image/overlay/svg.ts";
import { entityOf, maskWhere, regionOf } from "../../../support/overlay-entity.ts";
import { font } from "../../../support/overlay-font.ts";

const PICTURE = "data:image/png;base64,AAAA";
const draw = (size: Size, entities: readonly Entity[], onlyFont = false) =>
  overlaySvg({ picture: PICTURE, size, entities }, font, onlyFont);
const apart = (boxes: readonly Box[]) =>
  boxes.every((box, index) => boxes.slice(index + 1).every((other) => boxArea(intersectBoxes(box, other)) === 0));
const within = (box: Box, { width, height }: Size) =>
  box.xmin >= 0 && box.ymin >= 0 && box.xmax <= width && box.ymax <= height;

const FRAME = { width: 400, height: 300 };
const request: fc.Arbitrary<LabelRequest> = fc.record({
  box: fc
    .tuple(fc.nat(390), fc.nat(290), fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: 300 }))
    .map(([xmin, ymin, w, h]) => ({
      xmin,
      ymin,
      xmax: Math.min(FRAME.width, xmin + w),
      ymax: Math.min(FRAME.height, ymin + h),
    })),
  whole: fc.record({ width: fc.integer({ min: 40, max: 450 }), height: fc.constant(17) }),
  short: fc.record({ width: fc.integer({ min: 15, max: 30 }), height: fc.constant(17) }),
});

describe("labels", () => {
  test("never hide each other, and lie inside the frame in one of their forms", () => {
    fc.assert(
      fc.property(fc.array(request, { maxLength: 80 }), (requests) => {
        const places = placeLabels(requests, FRAME);
        expect(places).toHaveLength(requests.length);
        expect(apart(places.flatMap((label) => (label ? [label.place] : [])))).toBe(true);
        places.forEach((label, index) => {
          if (!label) return;
          const size = requests[index]?.[label.form];
          expect([label.place.xmax - label.place.xmin, label.place.ymax - label.place.ymin]).toEqual([
            size?.width,
            size?.height,
          ]);
          expect(within(label.place, FRAME)).toBe(true);
        });
      }),
    );
  });

  test("are whole where there is room, and no whole one hides a box", () => {
    fc.assert(
      fc.property(fc.array(request, { maxLength: 12 }), (requests) => {
        for (const label of placeLabels(requests, FRAME)) {
          if (label?.form !== "whole") continue;
          for (const { box } of requests)
            expect(boxArea(intersectBoxes(label.place, box))).toBeLessThanOrEqual(boxArea(box) / 4);
        }
      }),
    );
    const box = { xmin: 100, ymin: 100, xmax: 200, ymax: 200 };
    const six = Array.from({ length: 6 }, () => ({
      box,
      whole: { width: 80, height: 15 },
      short: { width: 20, height: 15 },
    }));
    expect(placeLabels(six, FRAME).map((label) => label?.form)).toEqual(six.map(() => "whole"));
  });

  test("are ids where names have no room, and nothing where ids have none", () => {
    const box = { xmin: 0, ymin: 0, xmax: 40, ymax: 17 };
    const requests = Array.from({ length: 4 }, () => ({
      box,
      whole: { width: 41, height: 17 },
      short: { width: 20, height: 17 },
    }));
    const forms = placeLabels(requests, { width: 40, height: 17 }).map((label) => label?.form ?? null);
    expect(forms).toEqual(["short", "short", null, null]);
  });
});

/** What is drawn in an SVG, read back. */
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

describe("the SVG", () => {
  test("of any picture and any entities names each of them, lets no label hide another, and is wide enough to read", () => {
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
        expect(apart(plates)).toBe(true);
        for (const plate of plates) expect(within(plate, { width, height })).toBe(true);
        const texts = textsIn(svg);
        for (const { text, regions } of entities) {
          const named = texts.filter((drawn) => drawn.replace(/^r\d+ /, "").startsWith(`${text} · PER`));
          expect(named).toHaveLength(Math.max(1, regions.length));
        }
      }),
    );
  });

  test("draws mask, box and label where they are", () => {
    const size = { width: 1000, height: 200 };
    const mask = maskWhere(size, (x, y) => x >= 10 && x < 20 && y >= 60 && y < 70);
    const svg = draw(size, [
      entityOf("e1", "Eileen Collins", "PER", true, [regionOf("r1", [10, 60, 20, 70], 0.75, mask)]),
    ]);
    expect(svg).toContain('<path d="M10 60h10v10h-10z"');
    // The line, 3 wide, lies around the box.
    expect(svg).toContain(
      '<rect x="8.5" y="58.5" width="13" height="13" fill="none" stroke="#e69f00" stroke-width="3"/>',
    );
    expect(platesIn(svg)[0]).toMatchObject({ xmin: 7, ymin: 20 });
    expect(textsIn(svg)).toEqual(["Eileen Collins · PER 0.75"]);
    expect(svg).toContain("<title>In the picture: Eileen Collins (PER)</title>");
  });

  test("says below the picture why an entity is not in it", () => {
    const svg = draw({ width: 900, height: 300 }, [
      entityOf("e1", "NASA", "ORG", true),
      entityOf("e2", "Apollo", "OTHER", null),
      entityOf("e3", "Houston", "LOC", false),
      entityOf("e4", "Texas", "LOC", false),
    ]);
    expect(textsIn(svg)).toEqual([
      ...["Visible, not found:", "NASA · ORG", "Not known:", "Apollo · OTHER"],
      ...["Not in the picture:", "Houston · LOC", "Texas · LOC"],
    ]);
    const tops = numbers(svg, /<text x="[\d.]+" y="([\d.]+)"/g).flat();
    for (const top of tops) expect(top).toBeGreaterThan(300);
  });

  test("of a large picture is drawn at the limit, boxes and masks with it", () => {
    const size = { width: 3200, height: 1600 };
    const mask = maskWhere(size, (_, y) => y < 800);
    const svg = draw(size, [entityOf("e1", "Sky", "OTHER", true, [regionOf("r1", [0, 0, 3200, 800], 0.5, mask)])]);
    expect(svg).toContain(`viewBox="0 0 ${LIMITS.overlaySide} 800"`);
    expect(svg).toContain('d="M0 0h1600v400h-1600z"');
    // At the picture's edges the line comes in; below it lies outside the box: 4 wide from 400 to 404.
    expect(svg).toContain('<rect x="2" y="2" width="1596" height="400" fill="none"');
  });

  test.each([
    [{ width: 1, height: 1 }, [320, 320], [320, 320]],
    [{ width: 64, height: 48 }, [320, 240], [320, 240]],
    [{ width: 1, height: 2000 }, [320, 1600], [1, 1600]],
    [{ width: 2000, height: 1 }, [1600, 168], [1600, 1]],
    [{ width: 640, height: 480 }, [640, 480], [640, 480]],
  ])("of %j is %j large, the picture in it %j", (size, drawn, inner) => {
    const svg = draw(size, []);
    expect(sizeOf(svg)).toEqual(drawn);
    expect(numbers(svg, /<image [^>]*width="(\d+)" height="(\d+)"/g)).toEqual([inner]);
    expect(svg.includes("optimizeSpeed")).toBe(Math.max(size.width, size.height) < 320);
  });

  test("keeps a name that its viewer's fonts will draw; drawn with one font, what that lacks is replaced and the id leads to it", () => {
    const entities = [entityOf("e1", "中国", "LOC", false), entityOf("e2", "ירושלים", "LOC", false)];
    const size = { width: 400, height: 300 };
    expect(textsIn(draw(size, entities)).slice(1)).toEqual(["中国 · LOC", "ירושלים · LOC"]);
    expect(textsIn(draw(size, entities, true)).slice(1)).toEqual(["e1 □□ · LOC", "ירושלים · LOC"]);
  });

  test("cuts a name and a type that are too long, never the score", () => {
    const long = entityOf("e1", "A".repeat(300), "T".repeat(60), true, [regionOf("r1", [0, 0, 9, 9], 0.5)]);
    expect(textsIn(draw({ width: 320, height: 200 }, [long]))).toEqual([expect.stringMatching(/^A+… · T+… 0\.50$/)]);
  });

  test("holds a hostile name as text", () => {
    const svg = draw({ width: 900, height: 80 }, [entityOf("e1", '"><script>alert(1)</script>', "PER", true)]);
    expect(svg).not.toContain("<script");
    expect(svg).toContain("&lt;script&gt;");
  });
});
