import { describe, expect, it } from "vitest";
import { readConll } from "../../../../eval/readers/conll.ts";

describe("readConll", () => {
  it("reads sentences of tokens and labels, by tabs or spaces, with or without IMGID lines", () => {
    const text = "IMGID:1\nTed\tB-PER\nCruz\tI-PER\n\n-DOCSTART- O\n\nHi NN O\r\n\r\n\n";
    expect(readConll(text)).toEqual([
      { id: "1", tokens: ["Ted", "Cruz"], labels: ["B-PER", "I-PER"] },
      { tokens: ["Hi"], labels: ["O"] },
    ]);
  });

  it("ends a sentence at the next IMGID line, also without a blank line between, and reads past a byte order mark", () => {
    expect(readConll("\ufeffIMGID:1\nTed\tO\nIMGID:2\nCruz\tO\n").map(({ id }) => id)).toEqual(["1", "2"]);
  });

  it.each(["Ted", "Ted\tPER", "Ted\tE-PER"])("names the line when it is %j", (line) => {
    expect(() => readConll(`Hi\tO\n${line}\n`)).toThrow(/^line 2/);
  });
});
