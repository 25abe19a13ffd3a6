import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { EvaluatedFile } from "../../../../eval/readers/evaluated-file.ts";
import { pairPosts } from "../../../../eval/scorers/pair-posts.ts";
import { PROTOCOLS } from "../../../../eval/scorers/protocols/index.ts";
import { TASKS } from "../../../../eval/scorers/protocols/protocol.ts";
import { type ScoreRequest, scoreSeries, tasksNamed } from "../../../../eval/scorers/score-pairs.ts";
import { totalOf } from "../../../../eval/scorers/tally.ts";
import type { EvaluatedPost } from "../../../../schemas/evaluation.ts";
import { entity, goldPost, post, predictedPost } from "../../../support/evaluated-posts.ts";

const file = (posts: EvaluatedPost[], missing: EvaluatedFile["missing"] = {}): EvaluatedFile => {
  return { kind: "posts", posts, notes: [], missing };
};
function request(gold: EvaluatedFile, predictions: EvaluatedFile): ScoreRequest {
  const options = { maskIou: 0.5, candidates: null };
  return { gold, predictions, pairing: pairPosts(gold, predictions), protocols: PROTOCOLS, tasks: TASKS, options };
}
const reasons = (gold: EvaluatedFile, predictions: EvaluatedFile) =>
  Object.fromEntries(
    scoreSeries(request(gold, predictions)).map(({ protocol, task, reason }) => [`${protocol} ${task}`, reason]),
  );

describe("scoreSeries", () => {
  const ted = post(entity("PER", 0, 1));

  it("scores what can be scored, and says why the rest cannot", () => {
    expect(reasons(file([ted]), file([ted]))).toMatchObject({
      "definition gmner": null,
      "seqeval mner": null,
      "h-index gmner": "needs the candidate boxes: --candidates FILE",
      "mask-any smner": "no entity of gold has a mask",
    });
  });

  it("scores no protocol by offsets without offsets, and no task with regions without regions", () => {
    expect(reasons(file([ted], { offsets: "no offsets" }), file([ted], { regions: "no boxes" }))).toMatchObject({
      "definition mner": "no offsets",
      "multi-box gmner": "no offsets",
      "riveg gmner": "no boxes",
      "riveg mner": null,
      "per-box eeg": "no boxes",
    });
  });

  it("gives the same counts in whatever order the posts are", () => {
    const posts = fc.array(fc.tuple(goldPost, predictedPost), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(posts, fc.infiniteStream(fc.nat()), (pairs, order) => {
        const named = pairs.map(([gold, predicted], index) => {
          return { gold: { ...gold, id: `${index}` }, predicted: { ...predicted, id: `${index}` } };
        });
        const shuffled = named
          .map((pair) => ({ pair, place: order.next().value as number }))
          .toSorted((a, b) => a.place - b.place)
          .map(({ pair }) => pair);
        const totals = (some: typeof named) =>
          scoreSeries(request(file(some.map(({ gold }) => gold)), file(some.map(({ predicted }) => predicted)))).map(
            ({ tally }) => tally && totalOf(tally.counts),
          );
        expect(totals(shuffled)).toEqual(totals(named));
      }),
    );
  });
});

describe("tasksNamed", () => {
  it("stands for all tasks without a name, and refuses names that are none", () => {
    expect([tasksNamed(undefined), tasksNamed("eeg")]).toEqual([TASKS, ["eeg"]]);
    expect(() => tasksNamed("ner")).toThrow("there are gmner, eeg, mner, smner");
  });
});
