import { expect, test } from "vitest";
import { Bar } from "../../../../scripts/batch/bar.ts";

const standing = (done: number) => ({ done, failed: 3, posts: 1_000, cost: 1_302_000_000 });

test("a line says what is done, failed, what it cost and when it will be done", () => {
  let now = 0;
  const bar = new Bar(() => now, standing(200));
  expect(bar.text(standing(200))).toBe("[####--------------------] 200/1000, 3 failed, USD 1.302");
  now = 50_000;
  // 50 posts in 50 s: what an earlier process has done does not count.
  expect(bar.text(standing(250))).toBe("[######------------------] 250/1000, 3 failed, USD 1.302, about 13 min left");
  now = 800_000;
  expect(bar.text(standing(1_000))).toBe("[########################] 1000/1000, 3 failed, USD 1.302");
});

test("a new tenth is told once", () => {
  const bar = new Bar(() => 0, standing(200));
  expect([201, 299, 300, 301, 400].map((done) => bar.isTenth(standing(done)))).toEqual([
    false,
    false,
    true,
    false,
    true,
  ]);
});
