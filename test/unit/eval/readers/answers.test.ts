import { describe, expect, it } from "vitest";
import { readRecord, ScoredAnswer, writeRecord } from "../../../../eval/readers/answers.ts";
import { answeredAt } from "../../../support/examples-set.ts";

const ANSWER = { set: "open", id: "cut-two", entities: [answeredAt(0, 3, true), answeredAt(4, 9, null)] };

describe("ScoredAnswer", () => {
  it("keeps what is scored and the basis of a link, and leaves the rest out", () => {
    const [entity] = ANSWER.entities;
    const region = { ...entity?.regions[0], link: { basis: "guess", score: 0.5, alternatives: [] }, method: "m" };
    const read = ScoredAnswer.parse({ id: "r", entities: [{ ...entity, id: "e1", regions: [region] }] });
    expect(read).toEqual({
      entities: [{ ...entity, regions: [{ ...entity?.regions[0], link: { basis: "guess" } }] }],
    });
  });
});

describe("writeRecord and readRecord", () => {
  it("give back what was written", () => {
    expect(readRecord(writeRecord([ANSWER, ANSWER]))).toEqual([ANSWER, ANSWER]);
    expect(readRecord("\n")).toEqual([]);
  });

  it.each([["{"], ['{"set":"open"}']])("name the line when it is %s", (line) => {
    expect(() => readRecord(`${writeRecord([ANSWER])}${line}\n`)).toThrow("line 2 is no recorded answer");
  });
});
