import { expect, test } from "vitest";
import { scriptProblem } from "../../../schemas/script.ts";

test.each([
  ["Eileen Collins in Houston", null],
  ["", null],
  ["🚀🚀🚀 2024", null],
  ["Айлин Коллинз в Хьюстоне", "Cyrillic"],
  ["宇宙飛行士アイリーン・コリンズ NASA", "Katakana"],
  ["رائدة الفضاء إيلين كولينز", "Arabic"],
  ["Eileen Collins 在休斯顿", null],
])("scriptProblem of %s names the script %s", (text, named) => {
  const problem = scriptProblem(text);
  if (named === null) expect(problem).toBeNull();
  else expect(problem).toMatchObject({ code: "script_not_covered", detail: expect.stringContaining(named) });
});
