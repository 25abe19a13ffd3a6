import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fieldsOf, SMNER } from "../../../../../eval/readers/kinds/smner.ts";
import { folderOf } from "../../../../support/evaluation-files.ts";

const TEXT = "IMGID:7\nTed\tB-PER\nand\tO\nESA\tB-ORG\n\nIMGID:8\nTed\tB-PER\n";
const shape = (label: string, x: number) => ({
  label,
  points: [
    [x, 0],
    [x + 1, 0],
    [x + 1, 4],
    [x, 4],
  ],
});
const file = (...shapes: object[]) => JSON.stringify({ imageHeight: 4, imageWidth: 4, shapes });

describe("SMNER", () => {
  it("links masks by name, and takes the smallest box around each", async () => {
    const folder = folderOf({ "masks/7.json": file(shape("Ted", 0), shape("Ted", 2), shape("Bob", 3)) });
    const options = { role: "gold", file: "test.txt", masks: join(folder, "masks") } as const;
    const { posts, notes, counts } = await SMNER.read(TEXT, options);
    expect(posts[0]?.entities[0]?.boxes).toEqual([
      [0, 0, 1, 4],
      [2, 0, 3, 4],
    ]);
    expect(posts[0]?.entities[0]?.masks).toHaveLength(2);
    expect(posts.map(({ entities }) => entities.at(-1)?.masks)).toEqual([[], []]);
    expect(counts).toEqual({ mask_files: 1, names_without_entity: 1 });
    expect(notes).toEqual(["1 masks have a name that is no entity of their post"]);
  });

  it("takes one file for two posts of one id", async () => {
    const folder = folderOf({ "7.json": file(shape("Ted", 0)) });
    const text = "IMGID:7\nESA\tB-ORG\n\nIMGID:7\nTed\tB-PER\n";
    const { posts } = await SMNER.read(text, { role: "gold", file: "test.txt", masks: folder });
    expect(posts.map(({ id, entities }) => [id, entities[0]?.boxes])).toEqual([
      ["7", []],
      ["7#2", [[0, 0, 1, 4]]],
    ]);
  });

  it("names the file that it cannot read", async () => {
    const folder = folderOf({ "7.json": "{}" });
    const options = { role: "gold", file: "test.txt", masks: folder } as const;
    await expect(SMNER.read(TEXT, options)).rejects.toThrow(/7\.json: it has no list shapes/);
    await expect(SMNER.read("Ted\tO\n", options)).rejects.toThrow("has no ID.json of any of its posts");
  });
});

describe("fieldsOf", () => {
  it("replaces the fields that are named and refuses names that are not known", () => {
    expect(fieldsOf("objects=annotations,name=category")).toMatchObject({ objects: "annotations", polygon: "points" });
    expect(() => fieldsOf("title=label")).toThrow("objects, name, polygon, rle, height, width");
  });
});
