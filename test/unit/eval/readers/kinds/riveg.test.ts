import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { RIVEG_GOLD, RIVEG_PREDICTIONS } from "../../../../../eval/readers/kinds/riveg.ts";
import { folderOf } from "../../../../support/evaluation-files.ts";

const gold = { role: "gold", file: "gold.txt" } as const;
const predictions = { role: "predictions", file: "predictions.txt" } as const;

describe("RIVEG_GOLD", () => {
  it("reads rows: those flagged 0 have no box, the others all of theirs", async () => {
    const text = [
      "7.jpg###Bob (Jr)(PER)###a man###2###&[1.0, 2.0, 30.0, 40.0]&[5, 6, 7, 8]",
      "O_2371.jpg###Donald Trump(PER)###a man###0###&[0, 0, 0, 0]",
      "7.jpg###ESA(MISC)###space ### agency###0###&[0, 0, 0, 0]",
      "",
    ].join("\n");
    expect(RIVEG_GOLD.recognizes(text, gold)).toBe(true);
    const { posts, missing } = await RIVEG_GOLD.read(text, gold);
    expect(posts).toMatchObject([
      {
        id: "7",
        entities: [
          {
            text: "Bob (Jr)",
            type: "PER",
            start: null,
            boxes: [
              [1, 2, 30, 40],
              [5, 6, 7, 8],
            ],
          },
          { text: "ESA", type: "OTHER", boxes: [] },
        ],
      },
      { id: "O_2371", entities: [{ text: "Donald Trump", boxes: [] }] },
    ]);
    expect(missing.offsets).toBe("RiVEG's rows have names and no offsets");
  });

  it("names the line whose box is malformed", async () => {
    await expect(RIVEG_GOLD.read("7.jpg###Bob(PER)###a###2###&[1, 2, 3]\n", gold)).rejects.toThrow("line 1 has no box");
    await expect(RIVEG_GOLD.read("7.jpg###Bob(PER)\n", gold)).rejects.toThrow("line 1 is no row");
  });
});

describe("RIVEG_PREDICTIONS", () => {
  const text = [
    "Imageid:7.jpg#6aac###Bob(PER)###Bob(PER)-a man###2",
    "Imageid:8.jpg#bf3a###ESA(ORG)###ESA(ORG)-an agency###0",
    "Imageid:7.jpg#11aa###Ted(PER)###Ted(PER)-a man###2",
  ].join("\n");
  const box = (uniq_id: string, ...corners: number[]) => ({ uniq_id, box: corners });

  it("gives the rows flagged 2 the boxes of OFA's list in file order", async () => {
    const boxes = JSON.stringify([box("7.jpg#6aac", 1, 2, 3, 4), box("7.jpg#11aa", 5, 6, 7, 8)]);
    const file = join(folderOf({ "boxes.json": boxes }), "boxes.json");
    expect(RIVEG_PREDICTIONS.recognizes(text, predictions)).toBe(true);
    const { posts, notes, missing } = await RIVEG_PREDICTIONS.read(text, { ...predictions, boxes: file });
    expect(posts).toMatchObject([
      {
        id: "7",
        entities: [
          { text: "Bob", boxes: [[1, 2, 3, 4]] },
          { text: "Ted", boxes: [[5, 6, 7, 8]] },
        ],
      },
      { id: "8", entities: [{ text: "ESA", boxes: [] }] },
    ]);
    expect([notes, missing.regions]).toEqual([[], undefined]);
  });

  it("says that it knows no regions without the list", async () => {
    const { missing } = await RIVEG_PREDICTIONS.read(text, predictions);
    expect(missing.regions).toContain("--boxes FILE");
  });

  it("refuses a list of another length, and notes boxes of other rows", async () => {
    const files = {
      "one.json": JSON.stringify([box("7.jpg#6aac", 1, 2, 3, 4)]),
      "turned.json": JSON.stringify([box("7.jpg#11aa", 5, 6, 7, 8), box("7.jpg#6aac", 1, 2, 3, 4)]),
    };
    const folder = folderOf(files);
    const read = (name: string) => RIVEG_PREDICTIONS.read(text, { ...predictions, boxes: join(folder, name) });
    await expect(read("one.json")).rejects.toThrow("2 rows are flagged 2");
    expect((await read("turned.json")).notes[0]).toMatch(/^2 boxes have another uniq_id/);
  });

  it("keeps a name without a type, which equals no gold entity", async () => {
    const { posts } = await RIVEG_PREDICTIONS.read("Imageid:7.jpg#6aac###Smile :)###Smile###0", predictions);
    expect(posts[0]?.entities).toMatchObject([{ text: "Smile :)", type: "UNKNOWN" }]);
  });
});
