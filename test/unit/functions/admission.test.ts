import { expect, test } from "vitest";
import { Admission, Refused } from "../../../functions/admission.ts";

/** An admission with a clock, and the outcome of asking for room: true, or the seconds until there is some. */
function host() {
  let now = 0;
  const admission = new Admission(() => now);
  const ask = (id: string, picture = true, deadline_ms = 30_000): number | true => {
    try {
      admission.admit(id, { picture, deadline_ms });
      return true;
    } catch (error) {
      if (error instanceof Refused) return error.retryAfter;
      throw error;
    }
  };
  return { admission, ask, pass: (ms: number) => (now += ms) };
}

test("admits posts until their work fills the share of the deadline, and tells each refused one a later time", () => {
  const { ask } = host();
  const answers = Array.from({ length: 30 }, (_, index) => ask(`p${index}`));
  // 0.6 × 30 s of posts that take 1 s until measured.
  expect(answers.slice(0, 18)).toEqual(Array(18).fill(true));
  expect(answers.slice(18)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
});

test("finds room for each post of a crowd that comes again when it was told to", () => {
  const { admission, ask, pass } = host();
  const crowd = Array.from({ length: 60 }, (_, index) => ({ id: `p${index}`, at: 0 }));
  const active: string[] = [];
  let asked = 0;
  for (let second = 0; second < 100; second++) {
    for (const post of crowd.filter(({ at }) => at === second)) {
      asked++;
      const answer = ask(post.id);
      if (answer === true) active.push(post.id);
      else post.at = second + answer;
    }
    // One post takes one second.
    const [first] = active;
    const work = first === undefined ? null : admission.work(first, true);
    work?.start();
    pass(1_000);
    work?.end(false);
    if (first !== undefined) admission.end(first);
    active.shift();
  }
  // Each comes at most twice: none is told a time at which there is no room.
  expect(asked).toBe(60 + 42);
});

test("tells at most 120 seconds, and at least 1", () => {
  const { ask } = host();
  const answers = Array.from({ length: 500 }, (_, index) => ask(`p${index}`)).filter((answer) => answer !== true);
  expect(Math.max(...answers)).toBe(120);
  expect(Math.min(...answers)).toBe(1);
});

test("measures how long posts take, and admits as many as fit", () => {
  const { admission, ask, pass } = host();
  for (let post = 0; post < 20; post++) {
    expect(ask("one")).toBe(true);
    const work = admission.work("one", true);
    work.start();
    pass(3_000);
    work.end(false);
    admission.end("one");
  }
  expect(admission.state.picture).toEqual({ active: 0, post_ms: 3_000 });
  expect(Array.from({ length: 8 }, (_, index) => ask(`p${index}`) === true)).toEqual([
    ...Array(6).fill(true),
    false,
    false,
  ]);
});

test("admits a text while pictures are refused", () => {
  const { ask } = host();
  while (ask(crypto.randomUUID()) === true);
  expect(ask("text", false)).toBe(true);
});

test("admits a post when none is active, however short its deadline", () => {
  const { ask } = host();
  expect(ask("a", true, 50)).toBe(true);
  expect(ask("b", true, 50)).toBeGreaterThanOrEqual(1);
});

test("counts a post once when it is admitted several times", () => {
  const { admission, ask } = host();
  for (let time = 0; time < 50; time++) expect(ask("same")).toBe(true);
  expect(admission.state.picture.active).toBe(1);
});

test("frees a post's room when it ends, and at its deadline", () => {
  const { admission, ask, pass } = host();
  ask("a", true, 1_000);
  ask("b", true, 5_000);
  ask("c", true, 5_000);
  admission.end("b");
  admission.end("unknown");
  expect(admission.state.picture.active).toBe(2);
  pass(1_000);
  expect(admission.state.picture.active).toBe(1);
});

test("takes a prediction whose post it does not know, and counts that post", () => {
  const { admission, ask } = host();
  while (ask(crypto.randomUUID()) === true);
  const { active } = admission.state.picture;
  const work = admission.work("from-before-a-restart", true);
  expect(work.place.lane).toBe("picture");
  expect(admission.state.picture.active).toBe(active + 1);
});

test("moves a post to the pictures when one of its predictions sees a picture", () => {
  const { admission } = host();
  admission.work("new", false).end(false);
  expect(admission.state.text.active).toBe(1);
  admission.work("new", true).end(false);
  expect([admission.state.text.active, admission.state.picture.active]).toEqual([0, 1]);
});

test("holds at most 1,000 posts, and 32 predictions of one", () => {
  const { admission } = host();
  for (let post = 0; post < 1_000; post++) admission.work(`p${post}`, false).end(false);
  expect(() => admission.work("one-more", false)).toThrow(Refused);
  expect(() => admission.admit("one-more", { picture: false, deadline_ms: 30_000 })).toThrow(Refused);
  for (let prediction = 0; prediction < 32; prediction++) admission.work("p1", false);
  expect(() => admission.work("p1", false)).toThrow(Refused);
  expect(admission.state.text.active).toBe(1_000);
});

test("counts a prediction without a post as a post of its own while it runs", () => {
  const { admission } = host();
  const request = { picture: true, deadline_ms: 30_000 };
  const works = Array.from({ length: 18 }, () => admission.single(request));
  expect(() => admission.single(request)).toThrow(Refused);
  works[0]?.end(false);
  admission.single(request);
  expect(admission.state.picture.active).toBe(18);
});

test("does not count the time in which a prediction waits for its turn or for a download", async () => {
  const { admission, pass } = host();
  const work = admission.work("a", true);
  pass(5_000);
  work.start();
  pass(100);
  await work.without(async () => pass(9_000));
  pass(100);
  work.end(false);
  admission.end("a");
  // Four posts of the start value, and this one.
  expect(admission.state.picture.post_ms).toBe((4 * 1_000 + 200) / 5);
});

test("does not take a post that was canceled, or left at its deadline, for a fast one", () => {
  const { admission, ask, pass } = host();
  for (let post = 0; post < 40; post++) {
    ask(`p${post}`);
    const work = admission.work(`p${post}`, true);
    work.start();
    pass(1);
    work.end(post % 2 === 0);
    if (post % 2 === 0) admission.end(`p${post}`);
    else pass(30_000);
  }
  expect(admission.state.picture).toEqual({ active: 0, post_ms: 1_000 });
});

test("is not deceived when many posts are worked on in turn and all end together", () => {
  const { admission, ask, pass } = host();
  const posts = Array.from({ length: 40 }, (_, index) => `p${index}`);
  for (const id of posts) ask(id, true, 10_000_000);
  for (let stage = 0; stage < 3; stage++) {
    for (const id of posts) {
      const work = admission.work(id, true);
      work.start();
      pass(200);
      work.end(false);
    }
  }
  for (const id of posts) admission.end(id);
  expect(admission.state.picture.post_ms).toBe(600);
});

test("does not take a post without predictions for a fast one", () => {
  const { admission, ask } = host();
  for (let post = 0; post < 40; post++) {
    ask(`p${post}`);
    admission.end(`p${post}`);
  }
  expect(admission.state.picture.post_ms).toBe(1_000);
});

test("counts a post that was not done by its deadline as twice the time of a post", () => {
  const { admission, ask, pass } = host();
  for (let post = 0; post < 2; post++) {
    ask(`p${post}`);
    const work = admission.work(`p${post}`, true);
    pass(29_000);
    work.end(true);
    admission.end(`p${post}`);
  }
  // Four of the start value, then 2,000 and twice the mean of these five.
  expect(admission.state.picture.post_ms).toBe(Math.round((4 * 1_000 + 2_000 + 2_400) / 6));
  ask("forgotten");
  admission.work("forgotten", true);
  pass(30_000);
  expect(admission.state.picture.active).toBe(0);
  expect(admission.state.picture.post_ms).toBeGreaterThan(1_400);
});

test("takes the predictions of posts that it does not know only in its first minute, unless there is room", () => {
  const { admission, ask, pass } = host();
  pass(61_000);
  admission.work("first", true);
  while (ask(crypto.randomUUID()) === true);
  expect(() => admission.work("unknown", true)).toThrow(Refused);
});

test("tells a shorter time again when those who were refused have come", () => {
  const { admission, ask } = host();
  const ids = Array.from({ length: 60 }, (_, index) => `p${index}`);
  const waits = ids.map((id) => ask(id)).filter((answer) => answer !== true);
  expect(waits.at(-1)).toBe(42);
  for (const id of ids) admission.end(id);
  for (const id of ids.slice(0, 18)) expect(ask(id)).toBe(true);
  expect(ask("one-more")).toBe(1);
});
