import { describe, expect, it } from "vitest";
import { boxOf, maskOf, NAMES, outputOf, placeOf, replyOf } from "../../../../bench/models/answers.ts";
import { boxIou } from "../../../../schemas/geometry.ts";
import { rleArea, rleAreaInside, rleBounds, rleRuns } from "../../../../schemas/rle.ts";
import { STAGES } from "../../../../schemas/stages/index.ts";

const SIZE = { width: 640, height: 480 };
const TEXT = "Ada Lovelace and Vera Rubin at the fair";

describe("outputOf", () => {
  const entities = [{ id: "e1", text: "Ada Lovelace", type: "PER" }];
  const boxes = [{ id: "r1", box: boxOf(0, SIZE) }];

  it.each(["mner", "expansion", "entailment", "grounding", "segmentation"] as const)(
    "gives %s by its contract",
    (stage) => {
      const output = outputOf(stage, { text: TEXT, size: SIZE, entities, boxes });
      expect(STAGES[stage].output.safeParse(output).error).toBeUndefined();
    },
  );

  it("knows where each name of a text stands", () => {
    expect(outputOf("mner", { text: TEXT })).toMatchObject({
      mentions: [
        { text: "Ada Lovelace", start: 0, end: 12 },
        { text: "Vera Rubin", start: 17, end: 27 },
      ],
    });
  });

  it("gives OFA's bins of the entity that the text names", () => {
    const { xmin, ymax } = boxOf(placeOf("vera rubin(per)"), { width: 999, height: 999 });
    expect(outputOf("ofa-vg", { text: "vera rubin(per)-a woman" })).toMatchObject({
      bins: [Math.round(xmin), expect.any(Number), expect.any(Number), Math.round(ymax)],
    });
  });

  it("knows no other model", () => {
    expect(outputOf("other", {})).toBeNull();
  });
});

describe("maskOf", () => {
  it("fits its box as the pipeline asks of a mask, for each person", () => {
    for (const place of NAMES.keys()) {
      const box = boxOf(place, SIZE);
      const mask = maskOf(box, SIZE);
      expect(boxIou(rleBounds(mask) ?? box, box)).toBeGreaterThan(0.8);
      expect(rleAreaInside(mask, box)).toBeGreaterThan(0.95 * rleArea(mask));
      // An ellipse is solid: about π / 4 of its box, and one run a column.
      const area = (box.xmax - box.xmin) * (box.ymax - box.ymin);
      expect(rleArea(mask) / area).toBeCloseTo(Math.PI / 4, 1);
      expect(rleRuns(mask).length).toBeLessThanOrEqual(box.xmax - box.xmin);
    }
  });
});

describe("boxOf", () => {
  it("gives each person a place of her own", () => {
    const boxes = NAMES.map((_, place) => boxOf(place, SIZE));
    expect(boxes.every((box, at) => boxes.every((other, place) => place === at || boxIou(box, other) === 0))).toBe(
      true,
    );
  });
});

describe("replyOf", () => {
  it("lists the names of a text, with phrases where these are asked for", () => {
    expect(replyOf(`Text: "${TEXT}"`, false)).toEqual({
      entities: [
        { text: "Ada Lovelace", type: "PER" },
        { text: "Vera Rubin", type: "PER" },
      ],
    });
    expect(replyOf(`Text: "${TEXT}"`, true)).toMatchObject({ entities: [{ expression: expect.any(String) }, {}] });
  });

  it("gives each id of a list a phrase", () => {
    const question = `Text: "${TEXT}"\nNames:\n- id "e1", kind PER, name "Ada Lovelace"`;
    expect(replyOf(question, false)).toEqual({ expressions: [{ id: "e1", expression: expect.any(String) }] });
  });
});
