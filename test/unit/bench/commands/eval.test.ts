import { expect, test } from "vitest";
import { benchEval } from "../../../../bench/commands/eval.ts";

test("times the scoring of posts in a process of its own", () => {
  const [figure, ...others] = benchEval(40, 1);
  expect(others).toEqual([]);
  expect(figure).toMatchObject({ bench: "eval", name: "score 40 posts", unit: "s", goal: { most: 2 } });
  expect(figure?.value).toBeGreaterThan(0);
});
