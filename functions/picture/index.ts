import sharp from "sharp";
import { pictureBytes } from "../picture-bytes.ts";
import { decodeUpright } from "../pictures.ts";
import type { StageFunction } from "../stage-function.ts";

/** No detector here finds less at this quality; a photo of 12 megapixels becomes about 600 KB. */
const JPEG_QUALITY = 90;

/**
 * The `picture` stage: an upright 8-bit RGB JPEG without metadata, its long side at most `max_side`, never enlarged.
 */
export async function loadPicture(): Promise<StageFunction<"picture">> {
  const model = "sharp";
  const version = sharp.versions.sharp ?? sharp.versions.vips;
  return {
    name: "picture",
    model,
    version,
    async run({ image: source, max_side }, context) {
      const { data, info, original } = await decodeUpright(await pictureBytes(source, context), async (opened) => {
        const { upright, width, height } = opened;
        const turned = await upright
          .resize({ width: max_side, height: max_side, fit: "inside", withoutEnlargement: true })
          .jpeg({ quality: JPEG_QUALITY, chromaSubsampling: "4:4:4" })
          .toBuffer({ resolveWithObject: true });
        return { ...turned, original: { width, height } };
      });
      const base64 = data.toString("base64");
      return {
        model,
        version,
        image: `data:image/jpeg;base64,${base64}`,
        width: info.width,
        height: info.height,
        original,
      };
    },
  };
}
