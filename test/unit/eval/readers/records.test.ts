import { describe, expect, it } from "vitest";
import { partsOf, recordsOf } from "../../../../eval/readers/records.ts";

describe("recordsOf", () => {
  it("gives the lines of a text with their numbers, and leaves blank ones out", () => {
    expect(recordsOf("a\r\n\r\n  \nb \nc")).toEqual([
      { text: "a", line: 1 },
      { text: "b", line: 4 },
      { text: "c", line: 5 },
    ]);
  });

  it("does not end a line at another separator", () => {
    expect(recordsOf("a\u2028b\rc\n")).toEqual([{ text: "a\u2028b\rc", line: 1 }]);
  });

  it("gives the pieces that begin with a prefix at the start of a line", () => {
    expect(recordsOf("\n\nid:1 a\n\nb id:x\nid:2\n", "id:")).toEqual([
      { text: "id:1 a\n\nb id:x", line: 3 },
      { text: "id:2", line: 6 },
    ]);
  });

  it.each(["id:1###a\nbid:2###c\nid:3###", "id:1###\n\rid:2.jpg#ab###\rid:3###\r"])(
    "names the line where a record begins behind the start of a line: %j",
    (text) => {
      expect(() => recordsOf(text, "id:")).toThrow(`line 2 has "id:" behind its start: a line break is missing`);
    },
  );

  it("keeps what stands before the first prefix as a record of its own", () => {
    expect(recordsOf("\nhead\nid:1", "id:")).toEqual([
      { text: "head", line: 2 },
      { text: "id:1", line: 3 },
    ]);
  });
});

describe("partsOf", () => {
  it("gives the groups, or names the line and the form", () => {
    expect(partsOf({ text: "a=b", line: 3 }, /^(.)=(.)$/, "X=Y")).toEqual(["a", "b"]);
    expect(() => partsOf({ text: "a".repeat(90), line: 3 }, /^(.)=(.)$/, "X=Y")).toThrow(
      `line 3 is not X=Y: "${"a".repeat(80)}…"`,
    );
  });
});
