import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { boxArea, intersectBoxes } from "../../schemas/geometry.ts";
import { LIMITS } from "../../schemas/limits.ts";
import type { Entity } from "../../schemas/recognize.ts";
import { encodeRle } from "../../schemas/rle.ts";
import { placeLabels } from "../../src/image/overlay/labels.ts";
import { overlaySvg } from "../../src/image/overlay/svg.ts";
import { escapeXml, fitText, textWidth } from "../../src/image/overlay/text.ts";

const FRAME = { width: 400, height: 300 };
const label = fc.record({
  box: fc.tuple(fc.nat(350), fc.nat(250), fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 200 })).map(([xmin, ymin, w, h]) => ({
    xmin,
    ymin,
    xmax: Math.min(FRAME.width, xmin + w),
    ymax: Math.min(FRAME.height, ymin + h),
  })),
  width: fc.integer({ min: 10, max: 120 }),
  height: fc.integer({ min: 10, max: 20 }),
});

describe("labels", () => {
  test("lie inside the frame, whole, one for each", () => {
    fc.assert(
      fc.property(fc.array(label, { maxLength: 12 }), (requests) => {
        const places = placeLabels(requests, FRAME);
        expect(places).toHaveLength(requests.length);
        places.forEach((place, index) => {
          expect(place.xmin >= 0 && place.ymin >= 0 && place.xmax <= FRAME.width && place.ymax <= FRAME.height).toBe(true);
          expect(place.xmax - place.xmin).toBeCloseTo(requests[index]?.width ?? 0);
          expect(place.ymax - place.ymin).toBeCloseTo(requests[index]?.height ?? 0);
        });
      }),
    );
  });

  test("of two boxes on one spot do not cover each other", () => {
    const box = { xmin: 100, ymin: 100, xmax: 200, ymax: 200 };
    const [first, second] = placeLabels(
      [
        { box, width: 80, height: 15 },
        { box, width: 80, height: 15 },
      ],
      FRAME,
    );
    expect(first && second && boxArea(intersectBoxes(first, second))).toBe(0);
  });
});

describe("text", () => {
  test("no name can leave its element", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (name) => {
        expect(escapeXml(name)).not.toMatch(/[<>"']|&(?!(?:amp|lt|gt|quot|#39);)/);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 has no way to write them.
        expect(escapeXml(name)).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]|\p{Cs}/u);
      }),
    );
    expect(escapeXml("\ud800<&\u0007")).toBe("\ufffd&lt;&amp;\ufffd");
  });

  test("is cut to what there is room for, and no more than needed", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 60 }), fc.integer({ min: 40, max: 400 }), (text, room) => {
        const fitted = fitText(text, 12, room);
        expect(textWidth(fitted, 12)).toBeLessThanOrEqual(room);
        if (textWidth(text, 12) <= room) expect(fitted).toBe(text);
        else expect(fitted.endsWith("…")).toBe(true);
      }),
    );
  });
});

const base: Entity = {
  id: "e1",
  text: "Eileen Collins",
  type: "PER",
  coarse_type: null,
  score: 0.9,
  mentions: [{ start: 0, end: 14, score: 0.9, tokens: null }],
  expression: null,
  visible: true,
  visibility: { score: 0.9, method: "m", calibrated: false, reason: null },
  regions: [],
};
const region = { id: "r1", score: 0.75, method: "m", mask_score: null, mask_method: "m", mask_reason: null, mask_url: null };

describe("the SVG", () => {
  test("draws box, mask and label where they are, and lists below what cannot be seen", () => {
    const size = { width: 1000, height: 80 };
    const mask = encodeRle(
      Array.from({ length: 1000 * 80 }, (_, index) => Number(index % 1000 >= 10 && index % 1000 < 20 && index >= 30_000 && index < 40_000)),
      size,
    );
    const svg = overlaySvg({
      picture: "data:image/png;base64,AAAA",
      size,
      entities: [
        { ...base, regions: [{ ...region, box: { xmin: 10, ymin: 30, xmax: 20, ymax: 40 }, mask }] },
        { ...base, id: "e2", text: "Houston", type: "LOC", visible: false },
      ],
    });
    expect(svg).toContain('<path d="M10 30h10v10h-10z"');
    expect(svg).toContain('<rect x="10" y="30" width="10" height="10" fill="none"');
    expect(svg).toMatch(/Houston · LOC – .*<\/svg>$/);
    expect(svg).toContain("<title>In the picture: Eileen Collins (PER)</title>");
  });

  test("of a large picture is drawn at the limit, boxes and masks with it", () => {
    const [width, height] = [3200, 1600];
    const mask = encodeRle(new Uint8Array(width * height).fill(1, 0, width * 800), { width, height });
    const entities = [{ ...base, regions: [{ ...region, box: { xmin: 0, ymin: 0, xmax: 3200, ymax: 800 }, mask }] }];
    const svg = overlaySvg({ picture: "data:image/png;base64,AAAA", size: { width, height }, entities });
    expect(svg).toContain(`viewBox="0 0 ${LIMITS.overlaySide} 800"`);
    expect(svg).toContain('d="M0 0h1600v400h-1600z"');
    expect(svg).toContain('<rect x="0" y="0" width="1600" height="400" fill="none"');
  });

  test("holds a hostile name as text", () => {
    const svg = overlaySvg({
      picture: "data:image/png;base64,AAAA",
      size: { width: 900, height: 80 },
      entities: [{ ...base, text: '"><script>alert(1)</script>' }],
    });
    expect(svg).not.toContain("<script");
    expect(svg).toContain("&lt;script&gt;");
  });
});
