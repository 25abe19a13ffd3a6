import { describe, expect, test } from "vitest";
import { cutOff } from "../../../src/image/cut-off.ts";
import { bytesOf, NOISE_FORMS } from "../../support/noise-picture.ts";

describe.each(NOISE_FORMS)("cutOff of a %s", (_, type, make) => {
  test("is null for a whole file, also when bytes follow its end", async () => {
    const bytes = await bytesOf(make());
    expect(cutOff(bytes, type)).toBeNull();
    expect(cutOff(Buffer.concat([bytes, Buffer.from("more")]), type)).toBeNull();
  });

  test("says what is missing wherever the file is cut off", async () => {
    const bytes = await bytesOf(make());
    for (let length = 30; length < bytes.length; length += 101)
      expect(cutOff(bytes.subarray(0, length), type)).toMatch(/EOI|IEND|has \d+ bytes/);
    expect(cutOff(bytes.subarray(0, -1), type)).not.toBeNull();
  });
});
