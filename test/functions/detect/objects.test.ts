import { describe, expect, it } from "vitest";
import { loadObjectDetector } from "../../../functions/detect/objects.ts";
import { type Picture, PictureStore } from "../../../functions/pictures.ts";
import { boxIou } from "../../../schemas/geometry.ts";
import type { Box } from "../../../schemas/primitives.ts";
import { goldBox, pictureOf, solidPicture } from "../examples.ts";

const pictures = new PictureStore();
const open = (post: string): Promise<Picture> => pictures.open(pictureOf(post));

describe("loadObjectDetector", () => {
  it.each([
    ["astronaut", "Eileen Collins", "person", 0.7],
    ["portrait", "Grace Hopper", "person", 0.7],
    ["student", "Arjun", "person", 0.7],
    ["cat", "Chelsea", "cat", 0.9],
  ])("boxes in %s the %s as a %s with an IoU of at least %d", async (post, name, label, iou) => {
    const [found] = (await (await loadObjectDetector()).detect(await open(post))).objects;
    expect(found?.label).toBe(label);
    expect(boxIou(found?.box as Box, goldBox(post, name))).toBeGreaterThanOrEqual(iou);
  });

  it("finds nothing when the picture is a deep field or one pixel", async () => {
    const { detect } = await loadObjectDetector();
    const nothing = { objects: [], traces: new Set() };
    expect(await detect(await open("deep-field"))).toEqual(nothing);
    expect(await detect(await pictures.open(await solidPicture(1, 1)))).toEqual(nothing);
  });

  it("gives no object below 0.4, and a trace from 0.15 up", async () => {
    const { objects, traces } = await (await loadObjectDetector()).detect(await open("cat"));
    expect(objects.every(({ score }) => score >= 0.4)).toBe(true);
    expect(traces).toContain("cat");
    expect(traces).not.toContain("person");
  });

  it("runs once for a picture, and loads once", async () => {
    const detector = await loadObjectDetector();
    expect(await loadObjectDetector()).toBe(detector);
    const picture = await open("cat");
    expect(await detector.detect(picture)).toBe(await detector.detect(picture));
  });
});
