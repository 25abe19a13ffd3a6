import sharp from "sharp";
import { expect, test } from "vitest";
import { tinyParts } from "../../../../bench/memory/tiny-parts.ts";
import { bytesOf, drawNoise } from "../../../support/noise-picture.ts";

test("tinyParts makes files of the size asked for that start like their types", async () => {
  const pictures = {
    jpeg: await bytesOf(drawNoise().jpeg()),
    png: await bytesOf(drawNoise().png()),
    webp: await bytesOf(drawNoise().ensureAlpha(0.5).webp()),
  };
  for (const { name, file, parts } of tinyParts(pictures, 50_000)) {
    expect(file.length, name).toBeGreaterThan(49_980);
    expect(file.length, name).toBeLessThanOrEqual(50_000);
    expect(parts, name).toBeGreaterThan(3_000);
    const type = name.split(" ")[0]?.toLowerCase();
    // libwebp refuses a WebP with chunks before its pixels; its size is where readers without it look.
    if (type === "webp") expect(file.readUIntLE(24, 3) + 1).toBe(64);
    else expect(await sharp(file, { failOn: "none" }).metadata()).toMatchObject({ format: type, width: 64 });
  }
});
