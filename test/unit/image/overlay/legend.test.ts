import { describe, expect, test } from "vitest";
import { styleAt } from "../../../../src/image/overlay/colours.ts";
import { drawLegend, type LegendGroup, legendRoom } from "../../../../src/image/overlay/legend.ts";
import { textWidth } from "../../../../src/image/overlay/text.ts";
import { font } from "../../../support/overlay-font.ts";

const FRAME = { width: 320, height: 200 };
const lettering = { font, size: 12, onlyFont: true };
const group = (heading: string, count: number): LegendGroup => ({
  heading,
  entries: Array.from({ length: count }, (_, index) => ({ label: `Name ${index}`, style: styleAt(0) })),
});
/** Text and baseline of each text, in order. */
const textsIn = (svg: string) =>
  Array.from(svg.matchAll(/<text x="([\d.]+)" y="([\d.]+)"[^>]*>([^<]*)</g), ([, x, y, text]) => ({
    x: Number(x),
    y: Number(y),
    text,
  }));

describe("drawLegend", () => {
  test("draws nothing when there is neither a notice nor an entry", () => {
    expect(drawLegend({ notices: [], groups: [group("Empty", 0)] }, FRAME, lettering)).toEqual({ svg: "", height: 0 });
  });

  test("starts every group on a new line below the frame, and leaves out groups without entries", () => {
    const groups = [group("One", 1), group("None", 0), group("Two", 1)];
    const { svg, height } = drawLegend({ notices: [], groups }, FRAME, lettering);
    const texts = textsIn(svg);
    expect(texts.map(({ text }) => text)).toEqual(["One:", "Name 0", "Two:", "Name 0"]);
    const [one, , two] = texts.map(({ y }) => y);
    expect(one).toBeGreaterThan(FRAME.height);
    expect(two).toBeGreaterThan(one ?? 0);
    expect(two).toBeLessThan(FRAME.height + height);
  });

  test("writes the notice on a line of its own above the groups", () => {
    const without = drawLegend({ notices: [], groups: [group("One", 1)] }, FRAME, lettering);
    const { svg, height } = drawLegend({ notices: ["Note & more"], groups: [group("One", 1)] }, FRAME, lettering);
    const [notice, heading] = textsIn(svg);
    expect(notice?.text).toBe("Note &amp; more");
    expect(heading?.y).toBeGreaterThan(notice?.y ?? 0);
    expect(height).toBeGreaterThan(without.height);
  });

  test("draws the notice alone when there are no entries", () => {
    const { svg, height } = drawLegend({ notices: ["Note"], groups: [] }, FRAME, lettering);
    expect(textsIn(svg).map(({ text }) => text)).toEqual(["Note"]);
    expect(height).toBeGreaterThan(0);
  });

  test("breaks a notice that is wider than the drawing", () => {
    const notice = "This drawing lacks letters for the names of e1, e2, e3, e4, e5, e6, e7: see the answer";
    const texts = textsIn(drawLegend({ notices: [notice], groups: [] }, FRAME, lettering).svg);
    expect(texts.length).toBeGreaterThan(1);
    expect(texts.map(({ text }) => text).join(" ")).toBe(notice);
    for (const { x, text = "" } of texts) expect(x + textWidth(text, 12, font)).toBeLessThanOrEqual(FRAME.width);
  });

  test("starts an entry with a square in its style, and none when it has no style", () => {
    const entries = [
      { label: "One", style: styleAt(8) },
      { label: "Two", style: null },
    ];
    const { svg } = drawLegend({ notices: [], groups: [{ heading: "Both", entries }] }, FRAME, lettering);
    expect(svg.match(/<g transform/g)).toHaveLength(1);
    expect(svg).toContain(`fill="${styleAt(8).fill}"`);
    expect(svg).toContain('fill="url(#hatch-');
  });

  test("breaks the line when an entry does not fit", () => {
    const { svg } = drawLegend({ notices: [], groups: [group("Many", 20)] }, FRAME, lettering);
    const entries = textsIn(svg).slice(1);
    expect(new Set(entries.map(({ y }) => y)).size).toBeGreaterThan(1);
    for (const { x } of entries) expect(x).toBeLessThan(FRAME.width);
  });
});

describe("legendRoom", () => {
  test("leaves the margins and the square of an entry", () => {
    expect(legendRoom(320, lettering)).toBe(320 - 2 * 12);
  });
});
