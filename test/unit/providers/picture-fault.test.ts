import { expect, test } from "vitest";
import { pictureFault } from "../../../src/providers/picture-fault.ts";

test.each([
  "cannot identify image file <_io.BytesIO object at 0x7f>",
  "image file is truncated (12 bytes not processed)",
  "OSError: broken PNG file (chunk b'IDAT')",
  "OSError: broken data stream when reading image file",
  "Failed to decode image.",
  "Could not process image",
  "Unable to process input image. Please retry",
  '{"error":{"code":"invalid_image","message":"no"}}',
  "You uploaded an unsupported image. Please make sure your image is valid.",
])("blames the picture for %j", (text) => {
  expect(pictureFault(text)).toMatchObject({ code: "invalid_picture", detail: "cannot read the picture" });
});

test.each([
  "",
  "CUDA out of memory",
  "Failed to load image processor",
  "image generation is not available",
  "internal error",
])("does not blame the picture for %j", (text) => {
  expect(pictureFault(text)).toBeNull();
});
