import { describe, expect, it } from "vitest";
import { createQueues, type Timer } from "../../../../bench/models/queues.ts";

/** A clock that a test moves. */
function manual() {
  let now = 0;
  const set = new Set<{ at: number; work: () => void }>();
  const timer: Timer = (work, ms) => {
    const entry = { at: now + ms, work };
    set.add(entry);
    return () => set.delete(entry);
  };
  const advance = (ms: number) => {
    for (const until = now + ms; now < until; now++) {
      for (const entry of [...set]) {
        if (entry.at > now + 1 || !set.delete(entry)) continue;
        entry.work();
      }
    }
  };
  return { timer, advance };
}

describe("createQueues", () => {
  it("answers after the model's time, calls beside each other", () => {
    const { timer, advance } = manual();
    const { configure, answerAfter } = createQueues(timer);
    configure({ llm: { ms: 10 } });
    const answered: string[] = [];
    answerAfter("llm", () => answered.push("a"));
    answerAfter("llm", () => answered.push("b"));
    advance(9);
    expect(answered).toEqual([]);
    advance(1);
    expect(answered).toEqual(["a", "b"]);
  });

  it("has a model that takes one call at a time begin the next when the last has ended", () => {
    const { timer, advance } = manual();
    const { configure, answerAfter } = createQueues(timer);
    configure({ gpu: { ms: 10, one: true } });
    const answered: string[] = [];
    for (const name of ["a", "b", "c"]) answerAfter("gpu", () => answered.push(name));
    advance(10);
    expect(answered).toEqual(["a"]);
    advance(20);
    expect(answered).toEqual(["a", "b", "c"]);
    answerAfter("gpu", () => answered.push("d"));
    advance(10);
    expect(answered.at(-1)).toBe("d");
  });

  it("begins the next call when the running or a waiting one is abandoned", () => {
    const { timer, advance } = manual();
    const { configure, answerAfter } = createQueues(timer);
    configure({ gpu: { ms: 10, one: true } });
    const answered: string[] = [];
    const [running, waiting] = ["a", "b", "c"].map((name) => answerAfter("gpu", () => answered.push(name)));
    waiting?.();
    running?.();
    advance(10);
    expect(answered).toEqual(["c"]);
  });

  it("answers at once for a model that nobody configured", () => {
    const answered: string[] = [];
    createQueues().answerAfter("other", () => answered.push("a"));
    expect(answered).toEqual(["a"]);
  });
});
