import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PROTOCOLS } from "../../../../../eval/scorers/protocols/index.ts";
import type { Protocol, Task } from "../../../../../eval/scorers/protocols/protocol.ts";
import type { EvaluatedPost } from "../../../../../schemas/evaluation.ts";
import { counts, entity, goldPost, named, post, predictedPost, strip } from "../../../../support/evaluated-posts.ts";

/** The counts for GMNER of every protocol that scores GMNER, in the order of the table. */
const gmner = (gold: EvaluatedPost, predicted: EvaluatedPost) =>
  ["definition", "riveg", "per-box", "multi-box", "h-index"].map((name) => counts(name, "gmner", gold, predicted));

describe("GMNER by every protocol, in the order definition, riveg, per-box, multi-box, h-index", () => {
  it.each<[string, EvaluatedPost, EvaluatedPost, string[]]>([
    [
      "one box that fits",
      post(entity("PER", 0, 1, [strip(0, 10)])),
      post(entity("PER", 0, 1, [strip(0, 9)])),
      ["1/1/1", "1/1/1", "1/1/1", "1/1/1", "1/1/1"],
    ],
    [
      // RiVEG and per-box take it; the others want more. per-box adds no row, as the row is right.
      "an IoU of exactly 0.5",
      post(entity("PER", 0, 1, [strip(0, 10)])),
      post(entity("PER", 0, 1, [strip(0, 5)])),
      ["0/1/1", "1/1/1", "1/1/1", "0/1/1", "0/1/1"],
    ],
    [
      "no region on both sides",
      post(entity("PER", 0, 1)),
      post(entity("PER", 0, 1)),
      ["1/1/1", "1/1/1", "1/1/1", "1/1/1", "1/1/1"],
    ],
    [
      // per-box adds a row without region, which is gold's.
      "a box for an entity that has none",
      post(entity("PER", 0, 1)),
      post(entity("PER", 0, 1, [strip(0, 10)])),
      ["0/1/1", "0/1/1", "1/2/1", "0/1/1", "0/1/1"],
    ],
    [
      "no box for an entity that has one",
      post(entity("PER", 0, 1, [strip(0, 10)])),
      post(entity("PER", 0, 1)),
      ["0/1/1", "0/1/1", "0/1/1", "0/1/1", "0/1/1"],
    ],
    [
      // per-box adds a row without region, which is wrong as well.
      "a box elsewhere",
      post(entity("PER", 0, 1, [strip(0, 10)])),
      post(entity("PER", 0, 1, [strip(100, 110)])),
      ["0/1/1", "0/1/1", "0/2/1", "0/1/1", "0/1/1"],
    ],
    [
      "one box of two",
      post(entity("PER", 0, 1, [strip(0, 10), strip(50, 60)])),
      post(entity("PER", 0, 1, [strip(0, 10)])),
      ["1/1/1", "1/1/1", "1/1/2", "1/1/2", "1/1/1"],
    ],
    [
      "two boxes of two",
      post(entity("PER", 0, 1, [strip(0, 10), strip(50, 60)])),
      post(entity("PER", 0, 1, [strip(50, 60), strip(0, 10)])),
      // No candidate is near the box that comes first.
      ["1/1/1", "1/1/1", "2/2/2", "2/2/2", "0/1/1"],
    ],
    [
      // The protocols that know one box take the first.
      "a second box that is right",
      post(entity("PER", 0, 1, [strip(0, 10)])),
      post(entity("PER", 0, 1, [strip(100, 110), strip(0, 10)])),
      ["0/1/1", "0/1/1", "1/3/1", "1/2/1", "0/1/1"],
    ],
    [
      "the wrong type",
      post(entity("PER", 0, 1)),
      post(entity("ORG", 0, 1)),
      ["0/1/1", "0/1/1", "0/1/1", "0/1/1", "0/1/1"],
    ],
    [
      // The names are equal, the places are not.
      "the same name at another place",
      post(entity("PER", 0, 1, [], { text: "Ted" })),
      post(entity("PER", 4, 5, [], { text: "Ted" })),
      ["0/1/1", "1/1/1", "0/1/1", "0/1/1", "0/1/1"],
    ],
    [
      "the same place with another spelling",
      post(entity("PER", 0, 1, [], { text: "Ted" })),
      post(entity("PER", 0, 1, [], { text: "ted" })),
      ["1/1/1", "0/1/1", "1/1/1", "1/1/1", "1/1/1"],
    ],
    [
      // Sets and dictionaries count it once, lists twice.
      "an entity that is predicted twice",
      post(entity("PER", 0, 1)),
      post(entity("PER", 0, 1), entity("PER", 0, 1)),
      ["1/2/1", "1/2/1", "1/1/1", "1/2/1", "1/1/1"],
    ],
    [
      // H-Index keeps the last, whatever its type.
      "a span that is predicted with two types",
      post(entity("PER", 0, 1)),
      post(entity("PER", 0, 1), entity("ORG", 0, 1)),
      ["1/2/1", "1/2/1", "1/2/1", "1/2/1", "0/1/1"],
    ],
    [
      "predictions in a post without gold, which per-box leaves out",
      post(),
      post(entity("PER", 0, 1)),
      ["0/1/0", "0/1/0", "0/0/0", "0/1/0", "0/1/0"],
    ],
    [
      "no prediction in a post with gold, which per-box leaves out",
      post(entity("PER", 0, 1)),
      post(),
      ["0/0/1", "0/0/1", "0/0/0", "0/0/1", "0/0/1"],
    ],
    [
      // The gold box is nowhere near a candidate: right by all others, and unreachable for H-Index.
      "an entity that no candidate reaches",
      post(entity("PER", 0, 1, [strip(50, 60)])),
      post(entity("PER", 0, 1, [strip(50, 60)])),
      ["1/1/1", "1/1/1", "1/1/1", "1/1/1", "0/1/1"],
    ],
  ])("counts %s", (_, gold, predicted, expected) => {
    expect(gmner(gold, predicted)).toEqual(expected);
  });
});

describe("EEG", () => {
  const gold = post(entity("PER", 0, 1, [], { text: "Bob (Jr)" }), entity("LOC", 2, 3, [], { text: "Rome" }));

  it("drops the type in every protocol", () => {
    const predicted = post(entity("ORG", 0, 1, [], { text: "Bob (Jr)" }), entity("LOC", 2, 3, [], { text: "Rome" }));
    for (const name of ["definition", "riveg", "per-box", "multi-box", "h-index"])
      expect(counts(name, "eeg", gold, predicted)).toBe("2/2/2");
  });

  it("cuts names at the first bracket by RiVEG's protocol alone", () => {
    const predicted = post(entity("PER", 4, 5, [], { text: "Bob (Sr)" }));
    expect(counts("riveg", "eeg", gold, predicted)).toBe("1/1/2");
    expect(counts("riveg", "gmner", gold, predicted)).toBe("0/1/2");
    expect(counts("definition", "eeg", gold, predicted)).toBe("0/1/2");
  });

  it("does not take a name for one that begins like it and has no bracket", () => {
    // "Bob " with its space is what stands before the bracket.
    expect(counts("riveg", "eeg", gold, post(entity("PER", 0, 1, [], { text: "Bob" })))).toBe("0/1/2");
  });
});

describe("MNER", () => {
  it("counts spans with their types, whatever the regions are", () => {
    const gold = post(entity("PER", 0, 1, [strip(0, 10), strip(50, 60)]), entity("LOC", 2, 3));
    const predicted = post(entity("PER", 0, 1, [strip(100, 110)]), entity("ORG", 2, 3));
    for (const name of ["definition", "riveg", "seqeval", "per-box", "h-index"])
      expect(counts(name, "mner", gold, predicted)).toBe("1/2/2");
  });

  it("counts a span that is predicted twice once by seqeval, per-box and h-index, and twice by the others", () => {
    const [gold, predicted] = [post(entity("PER", 0, 1)), post(entity("PER", 0, 1), entity("PER", 0, 1))];
    for (const name of ["seqeval", "per-box", "h-index"]) expect(counts(name, "mner", gold, predicted)).toBe("1/1/1");
    for (const name of ["definition", "riveg"]) expect(counts(name, "mner", gold, predicted)).toBe("1/2/1");
  });
});

describe("every protocol with boxes", () => {
  const boxes = PROTOCOLS.filter(({ tasks }) => !tasks.includes("smner"));
  const total = (protocol: Protocol, task: Task, gold: EvaluatedPost, predicted: EvaluatedPost) => {
    const candidates = new Map([["1", gold.entities.flatMap((one) => one.boxes)]]);
    const { right, ...rows } = protocol.count(gold, predicted, { task, maskIou: 0.5, candidates });
    return { right: right.length, predicted: rows.predicted.length, gold: rows.gold.length };
  };

  it("finds gold in itself without a fault", () => {
    fc.assert(
      fc.property(goldPost, fc.constantFrom(...boxes), (gold, protocol) => {
        for (const task of protocol.tasks) {
          const { right, ...rows } = total(protocol, task, gold, gold);
          expect(rows).toEqual({ predicted: right, gold: right });
        }
      }),
    );
  });

  it("finds no more than there is on either side, and no less for MNER than for GMNER", () => {
    fc.assert(
      fc.property(goldPost, predictedPost, fc.constantFrom(...boxes), (gold, predicted, protocol) => {
        for (const task of protocol.tasks) {
          const counted = total(protocol, task, gold, predicted);
          expect(counted.right).toBeLessThanOrEqual(Math.min(counted.predicted, counted.gold));
        }
        if (protocol.name === "definition" || protocol.name === "riveg" || protocol.name === "h-index") {
          const [mner, both] = (["mner", "gmner"] as const).map((task) => total(protocol, task, gold, predicted).right);
          expect(both).toBeLessThanOrEqual(mner ?? 0);
        }
      }),
    );
  });

  it("never finds less when a box comes nearer to its gold box", () => {
    const width = fc.integer({ min: 1, max: 100 });
    fc.assert(
      fc.property(width, width, fc.constantFrom("definition", "riveg", "per-box", "multi-box"), (a, b, name) => {
        const gold = post(entity("PER", 0, 1, [strip(0, 100)]));
        const rightWith = (right: number) =>
          total(named(name), "gmner", gold, post(entity("PER", 0, 1, [strip(0, right)]))).right;
        expect(rightWith(Math.min(a, b))).toBeLessThanOrEqual(rightWith(Math.max(a, b)));
      }),
    );
  });

  it("counts more boxes right by RiVEG's threshold than by the definition's, and never fewer", () => {
    fc.assert(
      fc.property(goldPost, predictedPost, (gold, predicted) => {
        const [definition, riveg] = ["definition", "riveg"].map((name) => total(named(name), "gmner", gold, predicted));
        expect(definition?.right).toBeLessThanOrEqual(riveg?.right ?? 0);
      }),
    );
  });
});
