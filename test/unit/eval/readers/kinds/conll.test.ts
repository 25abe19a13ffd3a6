import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CONLL, FMNERG, GMNER } from "../../../../../eval/readers/kinds/conll.ts";
import { folderOf, vocXml } from "../../../../support/evaluation-files.ts";

const TEXT = "IMGID:7\nTed\tB-PER\nCruz\tI-PER\nand\tO\nTed\tB-PER\nCruz\tI-PER\n\nIMGID:8\nESA\tB-MISC\n";
const gold = (file: string) => ({ role: "gold", file }) as const;

describe("CONLL", () => {
  it("takes MISC for OTHER, counts offsets in tokens, and says that it has no boxes", async () => {
    const { posts, missing } = await CONLL.read(TEXT, gold("test.txt"));
    expect(posts.map(({ id }) => id)).toEqual(["7", "8"]);
    expect(posts[0]?.entities[1]).toMatchObject({ text: "Ted Cruz", type: "PER", start: 3, end: 5, boxes: [] });
    expect(posts[1]?.entities[0]?.type).toBe("OTHER");
    expect(missing.regions).toContain("--xml DIR");
  });

  it("begins an entity at an I- that continues nothing, as Twitter-2015 has them", async () => {
    const { posts } = await CONLL.read("IMGID:7\nRT\tO\nTed\tI-PER\nCruz\tI-PER\n", gold("test.txt"));
    expect(posts[0]?.entities).toMatchObject([{ text: "Ted Cruz", start: 1, end: 3 }]);
  });

  it("recognizes columns between the token and the label", () => {
    expect(CONLL.recognizes("-DOCSTART- -X- O\n\nTed NNP I-NP B-PER\n", gold("none/test.txt"))).toBe(true);
    expect(CONLL.recognizes("Ted NNP B-PER\n", gold("none/test.txt"))).toBe(true);
    expect(CONLL.recognizes("Ted is here\n", gold("none/test.txt"))).toBe(false);
  });

  it("numbers posts without an id, and counts an id that comes again", async () => {
    const { posts } = await CONLL.read("Hi\tO\n\nIMGID:7\nHi\tO\n\nIMGID:7\nHi\tO\n", gold("test.txt"));
    expect(posts.map(({ id }) => id)).toEqual(["1", "7", "7#2"]);
  });
});

describe("GMNER", () => {
  it("gives every entity of a name all boxes of the name, and reports names that no entity has", async () => {
    const xml = vocXml([
      ["Ted Cruz", [1, 2, 3, 4]],
      ["ted cruz", [5, 6, 7, 8]],
      ["Ted Cruz", [9, 9, 12, 12]],
    ]);
    const folder = folderOf({ "xml/7.xml": xml, "test.txt": TEXT });
    const file = join(folder, "test.txt");
    expect(GMNER.recognizes(TEXT, gold(file))).toBe(true);
    const { posts, counts, notes } = await GMNER.read(TEXT, gold(file));
    const boxes = [
      [1, 2, 3, 4],
      [9, 9, 12, 12],
    ];
    expect(posts[0]?.entities.map((entity) => entity.boxes)).toEqual([boxes, boxes]);
    expect(posts[1]?.entities[0]?.boxes).toEqual([]);
    expect(counts).toEqual({ objects_in_xml: 3, posts_without_xml: 1, names_without_entity: 1 });
    expect(notes).toEqual(["1 boxes have a name that is no entity of their post"]);
  });

  it("refuses a folder that has none of its files: without boxes, every entity would count as not in the picture", async () => {
    const folder = folderOf({ "xml/9.xml": vocXml([]), "test.txt": TEXT });
    await expect(GMNER.read(TEXT, gold(join(folder, "test.txt")))).rejects.toThrow("no Pascal VOC file of any");
    await expect(GMNER.read(TEXT, { ...gold("x"), xml: join(folder, "none") })).rejects.toThrow("there is no folder");
  });
});

describe("FMNERG", () => {
  it("reads the fine type of the third column", async () => {
    const text = "IMGID:7\nGarfield\tB-location\tB-park\nPark\tI-location\tI-park\n";
    expect(FMNERG.recognizes(text, gold("none/test.txt"))).toBe(true);
    expect(CONLL.recognizes(text, gold("none/test.txt"))).toBe(false);
    const { posts } = await FMNERG.read(text, gold("none/test.txt"));
    expect(posts[0]?.entities).toMatchObject([{ text: "Garfield Park", type: "park", start: 0, end: 2 }]);
  });
});
