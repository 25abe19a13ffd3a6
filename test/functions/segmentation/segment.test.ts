import { expect, test } from "vitest";
import { attempt } from "../../../functions/segmentation/segment.ts";

test("attempt gives the result of work, or the error that it throws, whatever was thrown", async () => {
  expect(await attempt(async () => 7)).toBe(7);
  expect(await attempt(() => Promise.reject(new RangeError("too many runs")))).toBeInstanceOf(RangeError);
  expect(await attempt(() => Promise.reject("out of memory"))).toEqual(new Error("out of memory"));
});
