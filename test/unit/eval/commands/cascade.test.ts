import { rmSync } from "node:fs";
import { dirname } from "node:path";
import { afterAll, afterEach, expect, test, vi } from "vitest";
import { evaluateCascade } from "../../../../eval/commands/cascade.ts";
import { goldFile, stackWith } from "../../../support/eval-stack.ts";

const file = goldFile();
const stdout = vi.spyOn(console, "log").mockReturnValue();
const stderr = vi.spyOn(console, "error").mockReturnValue();
afterEach(() => void vi.clearAllMocks());
afterAll(() => rmSync(dirname(file), { recursive: true }));

test("compares a cascade's thresholds with the tagger alone and the model alone", async () => {
  const runs: Array<Readonly<Record<string, string>>> = [];
  expect(await evaluateCascade([file, "--thresholds", "0.5, 0.9", "--json"], stackWith(runs))).toBe(0);
  expect(runs.map(({ MNER, MNER_CASCADE }) => [MNER, MNER_CASCADE])).toEqual([
    ["cog:local/mner", ""],
    ["cog:local/mner, openai:gold/gold@text", "0.5"],
    ["cog:local/mner, openai:gold/gold@text", "0.9"],
    ["openai:gold/gold@text", ""],
  ]);
  const rows = JSON.parse(String(stdout.mock.calls[0]?.[0])) as Array<{ name: string; requests: number }>;
  expect(rows.map(({ name, requests }) => [name, requests])).toEqual([
    ["none", 0],
    ["0.5", 2],
    ["0.9", 2],
    ["all", 2],
  ]);
});

test("returns 2 when it is called wrongly, and 1 with a sentence when a file cannot be read or a stack fails", async () => {
  const broken = () => Promise.reject(new Error("the stack ended"));
  for (const argv of [[], [file, "--thresholds", "2"]]) expect(await evaluateCascade(argv, broken)).toBe(2);
  for (const path of [file, `${file}.none`]) {
    stderr.mockClear();
    expect(await evaluateCascade([path], broken)).toBe(1);
    expect(stderr).toHaveBeenCalledOnce();
  }
});
