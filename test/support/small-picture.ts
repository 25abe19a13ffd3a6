import type { Picture } from "../../src/pipeline/picture/read-picture.ts";

/** A picture of 8 by 6 pixels, for models that do not look at it. */
export const SMALL_PICTURE: Picture = {
  type: "image/png",
  size: { width: 8, height: 6 },
  orientation: 1,
  sha256: "ab",
  bytes: new Uint8Array(1),
  drawable: true,
  cutOff: null,
};
