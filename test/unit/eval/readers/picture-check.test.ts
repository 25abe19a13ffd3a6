import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { checkPictures } from "../../../../eval/readers/picture-check.ts";
import { folderOf } from "../../../support/evaluation-files.ts";

const picture = (red: number) =>
  sharp({ create: { width: 60, height: 40, channels: 3, background: { r: red, g: 9, b: 9 } } })
    .jpeg()
    .toBuffer();

describe("checkPictures", () => {
  it("lists missing and broken pictures, and posts that share a file", async () => {
    const [one, two, other] = await Promise.all([picture(9), picture(90), picture(200)]);
    const folder = folderOf({
      "1.jpg": one,
      "2.JPEG": two,
      "3.jpg": one,
      "4.jpg": one,
      "5.png": two,
      "cut.jpg": other.subarray(0, other.length - 200),
      "text.jpg": "<html>Image not found</html>",
      "unused.jpg": other,
    });
    expect(await checkPictures(folder, ["1", "2", "2#2", "3", "4", "5", "6", "cut", "text"])).toEqual({
      posts: 9,
      missing: ["6"],
      broken: ["cut", "text"],
      repeated: [
        ["1", "3", "4"],
        ["2", "2#2", "5"],
      ],
    });
  });

  it("lists an empty file as broken, and a folder as missing", async () => {
    const folder = folderOf({ "empty.jpg": "", "folder.jpg/file": "" });
    const facts = { posts: 2, missing: ["folder"], broken: ["empty"], repeated: [] };
    expect(await checkPictures(folder, ["empty", "folder"])).toEqual(facts);
  });
});
