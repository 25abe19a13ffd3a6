import { rmSync } from "node:fs";
import { dirname } from "node:path";
import { afterAll, afterEach, expect, test, vi } from "vitest";
import { evaluatePhrases } from "../../../../eval/commands/phrases.ts";
import { goldFile, stackWith } from "../../../support/eval-stack.ts";

const file = goldFile();
const stdout = vi.spyOn(console, "log").mockReturnValue();
const stderr = vi.spyOn(console, "error").mockReturnValue();
afterEach(() => void vi.clearAllMocks());
afterAll(() => rmSync(dirname(file), { recursive: true }));

test("compares one question with two, as a table", async () => {
  const runs: Array<Readonly<Record<string, string>>> = [];
  expect(await evaluatePhrases([file], stackWith(runs))).toBe(0);
  expect(runs.map(({ MNER }) => MNER)).toEqual(["openai:chat/gold@text", "openai:chat/gold@text-phrases"]);
  const table = String(stdout.mock.calls[0]?.[0]).split("\n");
  expect(table[0]).toContain("2 different texts");
  expect(table[1]).toMatch(/asked in .* F1 +requests .* round trips/);
  expect(table.slice(2).map((line) => /(two|one) question/.exec(line)?.[1])).toEqual(["two", "one"]);
});

test("returns 2 when it is called wrongly, and 1 with a sentence when a file cannot be read or a stack fails", async () => {
  const broken = () => Promise.reject(new Error("the stack ended"));
  for (const argv of [[], [file, "--model", "m"]]) expect(await evaluatePhrases(argv, broken)).toBe(2);
  for (const path of [file, `${file}.none`]) {
    stderr.mockClear();
    expect(await evaluatePhrases([path], broken)).toBe(1);
    expect(stderr).toHaveBeenCalledOnce();
  }
});
