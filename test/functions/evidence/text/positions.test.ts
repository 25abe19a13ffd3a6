import { describe, expect, test } from "vitest";
import { statedPositions } from "../../../../functions/evidence/text/positions.ts";
import type { Stated } from "../../../../functions/evidence/text/stated.ts";

const NAMES = ["Ana", "Berta", "Clara", "Dora"];

/** Each stated position in short: "1/3" is the second of three from the left, "1/3 r" from the right. */
function stated(text: string, names: readonly string[] = NAMES): string {
  return statedPositions(names, text).map(short).join(", ");
}

function short(position: Stated | null): string {
  if (!position) return "-";
  if (position.kind === "side") return position.sides.join(" ");
  const { index, of, from, open, level, row } = position;
  const where = `${index}/${of ?? "?"}${from === "left" ? "" : ` ${from[0]}`}${open ? "+" : ""}`;
  return level || row > 0 ? `${where} in ${row} ${level ?? ""}`.trim() : where;
}

describe("a row", () => {
  test.each([
    "From left to right: Ana, Berta and Clara",
    "from left to right, Ana, Berta, and Clara at the beach",
    "(L-R) Ana, Berta, Clara",
    "(l-r): Ana, Berta, Clara",
    "L-R: Ana, Berta & Clara!",
    "L–R Ana / Berta / Clara",
    "L to R: @Ana, @Berta, #Clara",
    "Us, l to r - Ana, Berta, Clara.",
    "Left to right: Dr. Ana, my friend Berta and the great Clara",
    "Left → right: Ana, Berta, Clara",
    "L-R:\nAna\nBerta\nClara",
    "L-R: Ana, Berta and Clara\nWhat a night with Dora",
    "What a night! L-R: Ana, Berta and Clara, the best of all",
    "L-R: Ana, Berta and Clara. Photo by Dora",
    "L-R: Ana, Berta and Clara (photo by Dora)",
    "L-R: Ana (38), Berta (in red) and Clara",
    "L-R: Ana, mayor of Lima; Berta, of Quito; and Clara",
    "L-R: Ana, mayor of Lima, Berta and Clara",
    "L-R: Ana, 38, Berta, 36, and Clara, 34",
    "Ana, Berta and Clara (from left to right)",
    "Great night with Ana, Berta and Clara (l-r)",
    "Ana, Berta and Clara (L to R) at Dora's party",
    "Ana, Berta and Clara, left to right",
    "Ana, Berta and Clara, left to right, at the beach",
    "Pictured from left to right are Ana, Berta and Clara",
    "Pictured (l-r): Ana, Berta &amp; Clara",
    "FROM LEFT TO RIGHT: ANA, BERTA AND CLARA",
    "From Left - Right: Ana, Berta, Clara",
    "Ana, Berta, Clara - left to right",
    "l. to r.: Ana, Berta, Clara",
    "Left to right: @Ana @Berta @Clara",
    "left-to-right: Ana, Berta, Clara",
    "Left-to-Right, Ana, Berta and Clara",
    "L ➡️ R: Ana, Berta, Clara",
    "De izquierda a derecha: Ana, Berta y Clara",
    "De izquierda a derecha: Ana, alcaldesa de Lima, Berta y Clara",
    "De gauche à droite : Ana, Berta et Clara",
    "Da esquerda para a direita: Ana, Berta e Clara",
    "Da sinistra a destra: Ana, Berta e Clara",
    "Von links nach rechts: Ana, Berta und Clara",
    "L-R: Ana、Berta、Clara",
  ])("%j", (text) => {
    expect(stated(text)).toBe("0/3, 1/3, 2/3, -");
  });

  test.each([
    ["From right to left: Ana, Berta and Clara", "0/3 r, 1/3 r, 2/3 r, -"],
    ["R-L: Ana, Berta", "0/2 r, 1/2 r, -, -"],
    ["From left: Ana, Berta and Clara", "0/3+, 1/3+, 2/3+, -"],
    ["Ana, Berta and Clara (from left)", "0/3+, 1/3+, 2/3+, -"],
    ["Ana, from left, Berta and Clara pose", "0/3+, 1/3+, 2/3+, -"],
    ["From the right, Ana and Berta", "0/2 r+, 1/2 r+, -, -"],
    ["Top to bottom: Ana, Berta", "0/2 t, 1/2 t, -, -"],
    ["L-R: Ana, my mom, Berta", "0/3, 2/3, -, -"],
    ["L-R: me, Ana, Zoe Smith and Berta", "1/4, 3/4, -, -"],
    ["l-r: ana, mom, berta", "0/3, 2/3, -, -"],
    ["L-R: Ana's mom, Berta, the dog and Clara", "-, 1/4, 3/4, -"],
    ["L-R: Ana, unknown guest, Berta", "0/3, 2/3, -, -"],
    ["L-R: Ana, singer, Berta, dancer", "-, -, -, -"],
    ["L-R: @Ana @someone @Berta", "0/3, 2/3, -, -"],
    ["L-R: Ana and Berta, Clara and Dora", "0/4, 1/4, 2/4, 3/4"],
    [
      "Back row (l-r): Ana, Berta. Front row: Clara, Dora",
      "0/2 in 0 top, 1/2 in 0 top, 0/2 in 1 bottom, 1/2 in 1 bottom",
    ],
    ["Standing (l-r): Ana and Berta; seated: Clara", "0/2 in 0 top, 1/2 in 0 top, 0/1 in 1 bottom, -"],
    ["Clockwise from top left: Ana, Berta, Clara, Dora", "top left, top right, bottom right, bottom left"],
    ["Counter-clockwise from bottom left: Ana, Berta, Clara, Dora", "bottom left, bottom right, top right, top left"],
    ["Clockwise from top left: Ana, Berta", "-, -, -, -"],
    ["L-R: Ana, Berta. And again, L-R: Berta, Ana", "-, -, -, -"],
  ])("%j is %j", (text, expected) => {
    expect(stated(text)).toBe(expected);
  });
});

describe("a side", () => {
  test.each([
    ["Ana (left), Berta (middle) and Clara (right)", "left, middle, right, -"],
    ["Ana (L), Berta (C), Clara (R)", "left, middle, right, -"],
    ["(L) Ana (R) Berta", "left, right, -, -"],
    ["L: Ana R: Berta", "left, right, -, -"],
    ["left: Ana, right: Berta", "left, right, -, -"],
    ["Left - Ana. Right - Berta.", "left, right, -, -"],
    ["Ana on the left, Berta right", "left, right, -, -"],
    ["Ana left, Berta right", "left, right, -, -"],
    ["Ana on the left and Berta on the right", "left, right, -, -"],
    ["On the left, Ana; on the right, Berta", "left, right, -, -"],
    ["On the left is my friend Ana, on the right is Berta", "left, right, -, -"],
    ["On the left Ana, on the right Berta", "left, right, -, -"],
    ["Young Ana on the left, Young Berta on the right . . .", "left, right, -, -"],
    ["Ana ( left ) and Berta on the set of Clara", "left, -, -, -"],
    ["Ana, left, and Berta pose", "left, -, -, -"],
    ["Ana, far right, with Berta", "right, -, -, -"],
    ["Ana, pictured left with Berta", "left, -, -, -"],
    ["Ana (pictured right) with Berta", "right, -, -, -"],
    ["Ana is on the right of the picture", "right, -, -, -"],
    ["Ana's on the left-hand side", "left, -, -, -"],
    ["Ana (second from left)", "1/?+, -, -, -"],
    ["Ana, 2nd from the right, won", "1/? r+, -, -, -"],
    ["Third from left is Berta", "-, 2/?+, -, -"],
    ["Ana (top left), Berta (bottom-right)", "top left, bottom right, -, -"],
    ["Ana (front) and Berta (back)", "front, back, -, -"],
    ["Ana (centre)", "middle, -, -, -"],
    ["Top: Ana. Bottom: Berta.", "top, bottom, -, -"],
    ["Ana at left", "left, -, -, -"],
    ["Ana is the one on the right, Berta the one on the left", "right, left, -, -"],
    ["Ana - left, Berta - right", "left, right, -, -"],
    ["Left is Ana, right is Berta", "left, right, -, -"],
    ["Ana is the woman on the left", "left, -, -, -"],
    ["Ana on the left and on the right Berta", "left, right, -, -"],
    ["Ana on the right here with Berta", "right, -, -, -"],
    ["Here is Ana, on the right is Berta", "-, right, -, -"],
    ["Pictured left is Ana", "left, -, -, -"],
    ["Ana (L.) and Berta (R.)", "left, right, -, -"],
    ["Ana (in red, left) and Berta (22, right)", "left, right, -, -"],
    ["Ana (to the left)", "left, -, -, -"],
    ["Ana to the left, Berta to the right", "left, right, -, -"],
    ["Left photo: Ana. Right photo: Berta", "left, right, -, -"],
    ["Ana (izquierda) y Berta (derecha)", "left, right, -, -"],
    ["A la izquierda, Ana; a la derecha, Berta", "left, right, -, -"],
    ["Ana à gauche, Berta à droite", "left, right, -, -"],
    ["Ana (links), Berta (rechts)", "left, right, -, -"],
    ["Ana（左）、Berta（右）", "left, right, -, -"],
  ])("%j is %j", (text, expected) => {
    expect(stated(text)).toBe(expected);
  });

  test.each([
    "Ana left the building",
    "Ana left.",
    "Ana left, and Berta cried",
    "Ana left Berta",
    "Ana left Berta right there",
    "Ana right now",
    "Right, so Ana and Berta",
    "Right: Ana is the best",
    "That's Ana, right?",
    "You're right: Ana rocks",
    "Only three left: Ana, Berta and Clara",
    "Ana on the right track, Berta on the left foot",
    "Ana has a right to know Berta",
    "Ana broke records from left and right",
    "Ana swiped from left to right and Berta watched",
    "Sen. Ana (R) and Sen. Berta (D)",
    "Ana (R) met Berta",
    "Captain Ana (C)",
    "Ana is back",
    "Ana, front row at Berta's show",
    "Ana at the top!",
    "Ana in front of Berta",
    "Ana in the middle of nowhere",
    "The left loves Ana, the right loves Berta",
    "The left-right divide: Ana and Berta",
    "Ana's dog on the left",
    "L-R",
    "Ana moved to the left, Berta watched",
    "To the left, to the left, Ana",
    "Links: Ana, Berta",
    "Ana, a left winger, and Berta",
    "Ana's left-to-right crossover beats Berta",
    "From left to right",
    "Ana and Berta, left and right respectively",
    "Ana and Berta (left and right)",
    "Turn right, Ana! Turn left, Berta!",
    "Ana turned left and Berta turned right",
    "Swipe left for Ana, right for Berta",
    "Ana (left) and later Ana (right)",
    "",
  ])("%j states nothing", (text) => {
    expect(stated(text)).toBe("-, -, -, -");
  });
});

test("names of several words, handles and non-Latin names have positions", () => {
  expect(stated("L-R: Ana Ruiz, J.K. Rowling and 小明", ["小明", "Ana Ruiz", "J. K. Rowling"])).toBe("2/3, 0/3, 1/3");
});

test("places and organizations take no place in a row, unless they describe somebody", () => {
  const row = (text: string) => statedPositions(["Ana", "Berta"], text, ["NASA", "Lima"]).map(short).join(", ");
  expect(row("L-R: Ana, NASA, Berta, Lima")).toBe("0/2, 1/2");
  expect(row("L-R: NASA's Ana, Berta of Lima")).toBe("0/2, 1/2");
  expect(row("L-R: Ana, NASA's boss, Berta")).toBe("0/3, 2/3");
  expect(row("L-R: Ana, Lima mayor Zoe, Berta")).toBe("0/3, 2/3");
});

test("hostile texts end", () => {
  const names = Array.from({ length: 100 }, (_, index) => `N${index}`);
  for (const piece of [
    "l-r ",
    "(l-r) N1, ",
    "N1, ",
    "from left ",
    "(",
    "left: ",
    "N1 (left) ",
    "clockwise from top ",
    "; ",
  ]) {
    expect(statedPositions(names, piece.repeat(10_000 / piece.length))).toHaveLength(100);
  }
});
