import { expect, test } from "vitest";
import { postOfFileName } from "../../../../eval/coco/picture-name.ts";

const POSTS = new Set(["71044", "O_1", "a-b", "b", "deadbeef-x", "17_06_1818", "a%20c", "a c", "x=1", "p\\q"]);

test.each([
  ["71044.jpg", "71044"],
  ["71044.JPEG", "71044"],
  ["71044.png", "71044"],
  ["images/train/71044.jpg", "71044"],
  ["images\\71044.jpg", "71044"],
  ["1a2b3c4d-71044.jpg", "71044"],
  ["images/1a2b3c4d-O_1.jpg", "O_1"],
  ["/data/local-files/?d=photos/71044.jpg", "71044"],
  ["/data/local-files/?d=photos%2F71044.jpg", "71044"],
  ["https://one.example/a/17_06_1818.jpg", "17_06_1818"],
  // A name that is known as it stands has no prefix.
  ["deadbeef-x.jpg", "deadbeef-x"],
  ["a-b.jpg", "a-b"],
  // A name that is known as it stands is no address either.
  ["a%20c.jpg", "a%20c"],
  ["photos/a%20c.jpg", "a%20c"],
  ["a c.jpg", "a c"],
  ["x=1.jpg", "x=1"],
  ["/data/local-files/?d=photos/x=1.jpg", "x=1"],
  ["p\\q.jpg", "p\\q"],
  ["https://one.example/a%2520c.jpg", "a%20c"],
  ["1a2b3c4d-a%2520c.jpg", "a%20c"],
  // No prefix of Label Studio's.
  ["x-b.jpg", null],
  ["1a2b3c4-71044.jpg", null],
  ["71045.jpg", null],
  ["71044.gif", null],
  ["100%.jpg", null],
  ["", null],
])("%s is the picture of %s", (name, post) => {
  expect(postOfFileName(name, POSTS)).toBe(post);
});
