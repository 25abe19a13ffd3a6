import { expect, test } from "vitest";
import type { TextLine } from "../../../../functions/detect/text.ts";
import { printedEvidence } from "../../../../functions/evidence/printed-evidence.ts";

function line(text: string, ymin: number, score = 0.98): TextLine {
  const box = { xmin: 0, ymin, xmax: 10 * text.length, ymax: ymin + 20 };
  return { text, box, score, letters: [...text].map((_, index) => ({ x: 10 * index + 5, score })) };
}
const entity = (text: string) => ({ id: text, text });
const pause = async () => undefined;

test("lists the places where a name is printed, the clearest first, and none for a name that is not", async () => {
  const lines = [line("NORTHWIND", 0, 0.8), line("Northwind", 50, 0.99)];
  const [printed, absent] = await printedEvidence([entity("Northwind"), entity("Lisbon")], lines, pause);
  expect(printed?.map((found) => found.line)).toEqual([1, 0]);
  expect(absent).toEqual([]);
});

test("gives print that two names share to the longer one", async () => {
  const [short, long] = await printedEvidence([entity("York"), entity("New York")], [line("New York", 0)], pause);
  expect(short).toEqual([]);
  expect(long).toHaveLength(1);
});

test("looks for the capitalised words of an expression when there is no name", async () => {
  const asked = [{ id: "n", expression: "the logo or name of Northwind" }];
  expect((await printedEvidence(asked, [line("NORTHWIND", 0)], pause))[0]).toHaveLength(1);
});

test("pauses before each entity", async () => {
  let pauses = 0;
  await printedEvidence(["a", "b", "c"].map(entity), [], async () => void pauses++);
  expect(pauses).toBe(3);
});
