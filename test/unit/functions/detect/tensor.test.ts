import { describe, expect, it } from "vitest";
import { floatsOf, planarTensor } from "../../../../functions/detect/tensor.ts";

describe("planarTensor", () => {
  it("separates the channels, in the order asked for", () => {
    const pixels = { data: new Uint8Array([1, 2, 3, 4, 5, 6]), width: 2, height: 1 };
    expect([...planarTensor(pixels, [2, 1, 0], (value) => value).data]).toEqual([3, 6, 2, 5, 1, 4]);
    expect(planarTensor(pixels, [0, 1, 2], (value) => value).dims).toEqual([1, 3, 1, 2]);
    expect([...planarTensor(pixels, [0, 1, 2], (value, plane) => value * plane).data]).toEqual([0, 0, 2, 5, 6, 12]);
  });
});

describe("floatsOf", () => {
  it("throws when the model gave no output, or one that is no float", () => {
    const pixels = { data: new Uint8Array(3), width: 1, height: 1 };
    const floats = planarTensor(pixels, [0, 1, 2], (value) => value);
    expect(floatsOf(floats)).toBe(floats.data);
    expect(() => floatsOf(undefined)).toThrow("the model's output is not float32");
  });
});
