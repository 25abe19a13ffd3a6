import { describe, expect, test } from "vitest";
import { divide, nearestCentre } from "../../../functions/segmentation/divide.ts";

const [width, height] = [60, 40];

/** Two people of plain colours: the one on the right lies over the one on the left from column `edge` on. */
function crowd(edge: number) {
  const data = new Uint8Array(3 * width * height);
  const people = new Uint8Array(width * height);
  for (let cell = 0; cell < people.length; cell++) {
    const x = cell % width;
    if (x < 5 || x >= 55) continue;
    people[cell] = 1;
    data.set(x < edge ? [200, 40, 40] : [40, 60, 200], 3 * cell);
  }
  return { pixels: { data, width, height }, people };
}

describe("divide", () => {
  test.each([25, 30, 36])("divides two who touch at the edge between their colours, in column %i", async (edge) => {
    const boxes = [
      { xmin: 5, ymin: 0, xmax: 40, ymax: 40 },
      { xmin: 22, ymin: 0, xmax: 55, ymax: 40 },
    ];
    const owner = await divide({ ...crowd(edge), boxes });
    const expected = Int8Array.from(owner, (_, cell) => {
      const x = cell % width;
      return x < 5 || x >= 55 ? -1 : x < edge ? 0 : 1;
    });
    expect(owner).toEqual(expected);
  });

  test("gives all that is in one box or just outside to it, and nobody the rest", async () => {
    const owner = await divide({ ...crowd(30), boxes: [{ xmin: 0, ymin: 0, xmax: 20, ymax: 40 }] });
    expect(owner.filter((label) => label === 0)).toHaveLength(16 * height);
    expect(owner.filter((label) => label === -1)).toHaveLength((width - 16) * height);
  });

  test("pauses before each two that overlap", async () => {
    let pauses = 0;
    const boxes = [0, 15, 30].map((xmin) => ({ xmin, ymin: 0, xmax: xmin + 20, ymax: 40 }));
    await divide({ ...crowd(30), boxes }, async () => void pauses++);
    expect(pauses).toBe(2);
  });

  test("cuts nothing where many boxes lie in one place: the nearest centre decides", async () => {
    let pauses = 0;
    const data = new Uint8Array(3 * 160 * 107);
    const many = {
      pixels: { data, width: 160, height: 107 },
      people: new Uint8Array(160 * 107).fill(1),
      boxes: Array.from({ length: 25 }, (_, index) => ({ xmin: index, ymin: 5, xmax: 160 - index, ymax: 100 })),
    };
    expect(await divide(many, async () => void pauses++)).toEqual(nearestCentre(many));
    expect(pauses).toBe(0);
  });

  test("leaves out two who overlap beside the grid", async () => {
    let pauses = 0;
    const boxes = [0, 70, 80].map((xmin) => ({ xmin, ymin: 0, xmax: xmin + 20, ymax: 40 }));
    await divide({ ...crowd(30), boxes }, async () => void pauses++);
    expect(pauses).toBe(0);
  });
});
