import { expect, test } from "vitest";
import type { TextLine } from "../../../../functions/detect/text.ts";
import { printedEvidence } from "../../../../functions/evidence/printed-evidence.ts";
import type { StageEntity } from "../../../../schemas/primitives.ts";

const line = (text: string, score = 0.9): TextLine => ({
  text,
  box: { xmin: 0, ymin: 0, xmax: 10 * text.length, ymax: 20 },
  score,
  letters: [...text].map((_, index) => ({ x: 10 * index + 5, score })),
});
const found = async (entities: ReadonlyArray<Omit<StageEntity, "id">>, lines: readonly TextLine[]) =>
  (
    await printedEvidence(
      entities.map((entity, index) => ({ id: `e${index}`, ...entity })),
      lines,
      async () => undefined,
    )
  ).map((names) => names.map((name) => `${name.line}:${name.start}-${name.end}`));

test("print that two names share goes to the longer one, and the shorter has what is printed elsewhere", async () => {
  const names = [{ text: "Ana" }, { text: "Ana Ruiz" }];
  expect(await found(names, [line("ANA RUIZ"), line("ANA")])).toEqual([["1:0-3"], ["0:0-8"]]);
});

test("the first of two equal names has the print", async () => {
  expect(await found([{ text: "NASA" }, { text: "nasa" }], [line("NASA")])).toEqual([["0:0-4"], []]);
});

test("the place that is read best comes first", async () => {
  expect(await found([{ text: "NASA" }], [line("NASA", 0.6), line("NASA", 0.95)])).toEqual([["1:0-4", "0:0-4"]]);
});

test("an expression without a name is looked for by its longest run of capitalised words", async () => {
  const lines = [line("NORTHWIND TRADERS"), line("SHOP")];
  expect(await found([{ expression: "the Shop of Northwind Traders" }], lines)).toEqual([["0:0-17"]]);
});
