import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { sniffPicture } from "../../../src/image/sniff.ts";
import { animatedWebp, BLOCKS, drawBlocks } from "../../support/picture-forms.ts";

const refused = (code: string, detail: RegExp) =>
  expect.objectContaining({ code, detail: expect.stringMatching(detail) });

describe("readWebp", () => {
  test("says that an animation is animated", async () => {
    const bytes = new Uint8Array(await animatedWebp(drawBlocks()));
    expect(sniffPicture(bytes)).toMatchObject({ type: "image/webp", ...BLOCKS, animated: true, orientation: 1 });
  });

  test("refuses an extended header with another size than its image data", async () => {
    const bytes = new Uint8Array(await drawBlocks().ensureAlpha(0.5).webp().toBuffer());
    expect(sniffPicture(bytes)).toMatchObject({ ...BLOCKS, components: 4 });
    for (const at of [24, 27]) {
      const changed = bytes.slice();
      changed[at] = 7;
      expect(() => sniffPicture(changed)).toThrow(refused("invalid_picture", /header/));
    }
  });

  test("ignores an EXIF chunk that the extended header does not announce, as libwebp does", async () => {
    const bytes = new Uint8Array(
      await drawBlocks().ensureAlpha(0.5).webp().withMetadata({ orientation: 6 }).toBuffer(),
    );
    expect(sniffPicture(bytes).orientation).toBe(6);
    const unannounced = bytes.slice();
    unannounced[20] = (unannounced[20] ?? 0) & ~0x08;
    expect(sniffPicture(unannounced).orientation).toBe(1);
    expect((await sharp(unannounced).metadata()).orientation).toBeUndefined();
  });
});
