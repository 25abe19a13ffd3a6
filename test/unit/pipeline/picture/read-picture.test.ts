import { describe, expect, test } from "vitest";
import { readPicture } from "../../../../src/pipeline/picture/read-picture.ts";
import { blackPng } from "../../../support/png.ts";

describe("readPicture", () => {
  test("gives the upright size, the digest of what was sent, and no metadata", async () => {
    const sent = await blackPng(30, 20, 6);
    const picture = await readPicture(sent);
    const digest = Buffer.from(await crypto.subtle.digest("SHA-256", sent)).toString("hex");
    expect(picture).toMatchObject({
      type: "image/png",
      size: { width: 20, height: 30 },
      orientation: 6,
      sha256: digest,
      drawable: true,
      cutOff: null,
    });
  });

  test("says what shows that the file is cut off, which the overlay's renderer cannot draw", async () => {
    const sent = (await blackPng(30, 20)).subarray(0, -6);
    const { cutOff, drawable } = await readPicture(sent);
    expect(drawable).toBe(false);
    expect(cutOff).toMatchObject({
      code: "picture_cut_off",
      detail: expect.stringContaining("IEND"),
      errors: [{ pointer: "/image", value: `${sent.length} bytes` }],
    });
  });

  test.each([
    ["no picture at all", new TextEncoder().encode("a text"), "picture_type_not_supported"],
    ["a picture that is cut off", new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), "invalid_picture"],
  ])("refuses %s, and points to /image", async (_, bytes, code) => {
    await expect(readPicture(bytes)).rejects.toMatchObject({
      code,
      fields: { errors: [{ pointer: "/image", value: `${bytes.length} bytes` }] },
    });
  });
});
