import { expect, test } from "vitest";
import { SHAPE, shapeOf } from "../../../../functions/mner/shape.ts";

test.each([
  ["taylor", SHAPE.lower],
  ["Taylor", SHAPE.capital],
  ["NASA", SHAPE.capitals],
  ["iPhone", SHAPE.mixed],
  ["A", SHAPE.capital],
  ["2023", SHAPE.symbol],
  ["👩‍🚀", SHAPE.symbol],
  ["#NASA", SHAPE.hashtag],
  ["#", SHAPE.symbol],
  ["@NASA", SHAPE.handle],
  ["https://a.b", SHAPE.url],
])("shapeOf tells the case of %s as %i", (word, shape) => {
  expect(shapeOf(word)).toBe(shape);
});
