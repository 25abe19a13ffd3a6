import { describe, expect, it } from "vitest";
import { PictureStore } from "../../../functions/pictures.ts";
import { fitsBox } from "../../../functions/segmentation/mask.ts";
import { loadVocSegmenter, vocClass } from "../../../functions/segmentation/voc.ts";
import { goldBox, pictureOf } from "../examples.ts";

const segmentClass = await loadVocSegmenter();
const picture = await new PictureStore().open(pictureOf("cat"));
const box = goldBox("cat", "Chelsea");

describe("loadVocSegmenter", () => {
  it("cuts the class out of the box", async () => {
    const segment = await segmentClass(picture, box, vocClass("cat") ?? 0);
    expect(segment?.method).toBe("deeplab");
    expect(segment?.score).toBeNull();
    expect(segment && fitsBox(segment.mask, box)).toBe(true);
  });

  it("returns null when the picture has nothing of the class", async () => {
    expect(await segmentClass(picture, box, vocClass("train") ?? 0)).toBeNull();
  });
});
