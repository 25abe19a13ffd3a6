import fc from "fast-check";
import { expect, test } from "vitest";
import { PostTime } from "../../../functions/lane.ts";

/** A lane and its clock. */
function lane(startMs = 1_000) {
  let now = 0;
  const time = new PostTime(startMs, () => now);
  const pass = (ms: number) => (now += ms);
  /** A post with one job, which runs alone. */
  const run = (ms: number) => {
    const post = { ms: 0 };
    time.begin(post);
    pass(ms);
    time.end(post);
    time.postEnded(post.ms);
  };
  return { time, pass, run };
}

test("is the start value until posts have ended, and forgets it after twenty", () => {
  const { time, run } = lane(1_000);
  expect(time.value).toBe(1_000);
  const values = Array.from({ length: 20 }, () => {
    run(400);
    return time.value;
  });
  expect(values[3]).toBeCloseTo(700);
  expect(values.at(-1)).toBeCloseTo(400);
  expect(values.every((value, index) => index === 0 || value <= (values[index - 1] ?? 0))).toBe(true);
});

test("divides the time in which jobs run among their posts, and counts no time in which none does", () => {
  const { time, pass } = lane();
  const [a, b] = [{ ms: 0 }, { ms: 0 }];
  pass(5_000);
  time.begin(a);
  pass(100);
  time.begin(b);
  time.begin(b);
  pass(300);
  time.end(b);
  pass(100);
  time.end(a);
  time.end(b);
  pass(5_000);
  expect([a.ms, b.ms]).toEqual([250, 250]);
});

test("gives all posts together the time in which the lane runs", () => {
  const step = fc.record({ post: fc.nat(4), ms: fc.nat(1_000) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const { time, pass } = lane();
      const posts = Array.from({ length: 5 }, () => ({ ms: 0 }));
      const running = new Set<{ ms: number }>();
      let busy = 0;
      for (const { post: index, ms } of steps) {
        const post = posts[index] ?? { ms: 0 };
        if (running.delete(post)) time.end(post);
        else {
          running.add(post);
          time.begin(post);
        }
        pass(ms);
        if (running.size > 0) busy += ms;
      }
      for (const post of running) time.end(post);
      expect(posts.reduce((sum, { ms }) => sum + ms, 0)).toBeCloseTo(busy, 6);
    }),
  );
});

test("follows a host that has become slower within twenty posts", () => {
  const { time, run } = lane(100);
  for (let post = 0; post < 30; post++) run(100);
  for (let post = 0; post < 20; post++) run(900);
  expect(time.value).toBeCloseTo(900);
});

test("never falls below a quarter of the start value, so that no number of posts is let in", () => {
  const { time, run } = lane(80);
  for (let post = 0; post < 30; post++) run(0);
  expect(time.value).toBe(20);
});
