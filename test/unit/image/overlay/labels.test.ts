import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { boxArea, intersectBoxes } from "../../../../schemas/geometry.ts";
import { type LabelRequest, placeLabels } from "../../../../src/image/overlay/labels.ts";
import { areApart, isInside } from "../../../support/boxes.ts";

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

describe("placeLabels", () => {
  test("keeps labels apart and inside the frame, in one of their two sizes", () => {
    fc.assert(
      fc.property(fc.array(request, { maxLength: 80 }), (requests) => {
        const places = placeLabels(requests, [], FRAME);
        expect(places).toHaveLength(requests.length);
        expect(areApart(places.flatMap((label) => (label ? [label.place] : [])))).toBe(true);
        places.forEach((label, index) => {
          if (!label) return;
          const size = requests[index]?.[label.form];
          expect([label.place.xmax - label.place.xmin, label.place.ymax - label.place.ymin]).toEqual([
            size?.width,
            size?.height,
          ]);
          expect(isInside(label.place, FRAME)).toBe(true);
        });
      }),
    );
  });

  test("places whole labels that hide no box when there is room", () => {
    fc.assert(
      fc.property(fc.array(request, { maxLength: 12 }), (requests) => {
        for (const label of placeLabels(requests, [], FRAME)) {
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
    expect(placeLabels(six, [], FRAME).map((label) => label?.form)).toEqual(six.map(() => "whole"));
  });

  test("covers nothing that is to stay clear with a whole label", () => {
    const clear = fc.array(
      request.map(({ box }) => box),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(fc.array(request, { maxLength: 20 }), clear, (requests, boxes) => {
        for (const label of placeLabels(requests, boxes, FRAME)) {
          if (label?.form !== "whole") continue;
          for (const box of boxes) expect(boxArea(intersectBoxes(label.place, box))).toBe(0);
        }
      }),
    );
  });

  test("places the label of a person who fills the frame at the bottom, below the face", () => {
    const box = { xmin: 0, ymin: 0, xmax: 400, ymax: 300 };
    const person = { box, whole: { width: 200, height: 17 }, short: { width: 20, height: 17 } };
    expect(placeLabels([person], [{ ...box, ymax: 90 }], FRAME)).toEqual([
      { form: "whole", place: { xmin: 0, ymin: 283, xmax: 200, ymax: 300 } },
    ]);
  });

  test("covers least with a short label when all places cover what is to stay clear", () => {
    const box = { xmin: 0, ymin: 0, xmax: 400, ymax: 300 };
    const whole = { width: 200, height: 17 };
    const clear = [
      { ...box, ymax: 290 },
      { ...box, xmin: 30 },
    ];
    const [label] = placeLabels([{ box, whole, short: { width: 20, height: 17 } }], clear, FRAME);
    expect(label).toEqual({ form: "short", place: { xmin: 0, ymin: 283, xmax: 20, ymax: 300 } });
  });

  test("places short labels when whole ones do not fit, and none when short ones do not fit", () => {
    const box = { xmin: 0, ymin: 0, xmax: 40, ymax: 17 };
    const requests = Array.from({ length: 4 }, () => ({
      box,
      whole: { width: 41, height: 17 },
      short: { width: 20, height: 17 },
    }));
    const forms = placeLabels(requests, [], { width: 40, height: 17 }).map((label) => label?.form ?? null);
    expect(forms).toEqual(["short", "short", null, null]);
  });
});
