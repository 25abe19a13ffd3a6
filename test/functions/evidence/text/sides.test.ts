import { expect, test } from "vitest";
import { readItems } from "../../../../functions/evidence/text/items.ts";
import { areCounterparts, readSide } from "../../../../functions/evidence/text/sides.ts";

const side = (text: string) => readSide(readItems(text, []), 0);
const told = (text: string) => {
  const position = side(text)?.position;
  if (!position) return null;
  return position.kind === "side" ? position.sides.join(" ") : `${position.index} from ${position.from}`;
};

test.each([
  ["left", "left", 1],
  ["on the far left side of the picture", "left", 8],
  ["at right hand side", "right", 4],
  ["leftmost", "left", 1],
  ["in the centre of nowhere", "middle", 3],
  ["upper-right", "top right", 3],
  ["bottom left", "bottom left", 2],
  ["in the back row", "back", 4],
  ["the second from the right", "1 from right", 5],
  ["3rd left", "2 from left", 2],
  ["R", "right", 1],
])("%j is %j and %i items long", (text, expected, end) => {
  expect(told(text)).toBe(expected);
  expect(side(text)?.end).toBe(end);
});

test.each(["the left", "upper", "second", "second from bottom", "lefty", "#left", "on", ""])(
  "%j is no side",
  (text) => {
    expect(side(text)).toBeNull();
  },
);

test.each([
  ["left", "right", true],
  ["left", "left", false],
  ["left", "top", false],
  ["top left", "bottom left", true],
  ["second from left", "right", true],
])("%j and %j are counterparts: %j", (a, b, expected) => {
  const [first, second] = [side(a), side(b)];
  expect(first && second && areCounterparts(first.position, second.position)).toBe(expected);
});
