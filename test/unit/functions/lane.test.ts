import { expect, test } from "vitest";
import { PostTime } from "../../../functions/lane.ts";

/** A lane and its clock. */
function lane(startMs = 1_000) {
  let now = 0;
  const time = new PostTime(startMs, () => now);
  return { time, pass: (ms: number) => (now += ms) };
}

test("is the start value until posts have ended, and forgets it after twenty", () => {
  const { time, pass } = lane();
  expect(time.value).toBe(1_000);
  const values = Array.from({ length: 20 }, () => {
    time.begin();
    pass(200);
    time.end();
    time.postEnded();
    return time.value;
  });
  expect(values[3]).toBeCloseTo(600);
  expect(values.at(-1)).toBeCloseTo(200);
  expect(values.every((value, index) => index === 0 || value <= (values[index - 1] ?? 0))).toBe(true);
});

test("counts time once in which several posts run, and no time in which none does", () => {
  const { time, pass } = lane();
  for (let round = 0; round < 5; round++) {
    for (let post = 0; post < 4; post++) time.begin();
    pass(400);
    for (let post = 0; post < 4; post++) time.end();
    pass(10_000);
    for (let post = 0; post < 4; post++) time.postEnded();
  }
  expect(time.value).toBeCloseTo(100);
});

test("follows a host that has become slower within twenty posts", () => {
  const { time, pass } = lane(100);
  const run = (ms: number) => {
    time.begin();
    pass(ms);
    time.end();
    time.postEnded();
  };
  for (let post = 0; post < 30; post++) run(100);
  for (let post = 0; post < 20; post++) run(900);
  expect(time.value).toBeCloseTo(900);
});

test("never falls below 20 ms, so that no number of posts is let in", () => {
  const { time } = lane();
  for (let post = 0; post < 30; post++) time.postEnded();
  expect(time.value).toBe(20);
});
