import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DetectedObject } from "../../../../functions/detect/objects.ts";
import type { TextLine } from "../../../../functions/detect/text.ts";
import { assign, type Detections, VISIBLE_FROM } from "../../../../functions/evidence/assign.ts";
import type { Box, EntityType, StageEntity } from "../../../../schemas/primitives.ts";

const SIZE = { width: 400, height: 300 };
const box = (xmin: number, ymin: number, xmax: number, ymax: number): Box => ({ xmin, ymin, xmax, ymax });

function object(label: string, at: Box, score = 0.9): DetectedObject {
  return { label, box: at, score };
}

/** A line whose letters are spread evenly over its box. */
function line(text: string, at: Box, score = 0.98): TextLine {
  const step = (at.xmax - at.xmin) / text.length;
  return { text, box: at, score, letters: [...text].map((_, index) => ({ x: at.xmin + (index + 0.5) * step, score })) };
}

function entity(text: string, type: EntityType, expression?: string): StageEntity {
  return { id: text, text, type, ...(expression ? { expression } : {}) };
}

function detected(objects: DetectedObject[], lines: TextLine[] = []): Detections {
  return { ...SIZE, objects, lines };
}

const LEFT = box(10, 10, 150, 290);
const RIGHT = box(200, 10, 390, 290);

describe("assign, people", () => {
  it("gives the person to a PER", async () => {
    const [found] = await assign([entity("Eileen Collins", "PER")], detected([object("person", LEFT)]));
    expect(found).toMatchObject({ kind: "object", regions: [{ box: LEFT, score: 0.9 }] });
  });

  it("prefers the larger person when two have the same score", async () => {
    const [found] = await assign(
      [entity("Anna", "PER")],
      detected([object("person", box(0, 0, 60, 60)), object("person", RIGHT)]),
    );
    expect(found?.regions[0]?.box).toEqual(RIGHT);
  });

  it("ignores a person when smaller than 99 % of those that posts name", async () => {
    expect(await assign([entity("Anna", "PER")], detected([object("person", box(0, 0, 20, 30))]))).toEqual([null]);
  });

  it("gives one person to the first of two names", async () => {
    const found = await assign(
      [entity("Eileen Collins", "PER"), entity("Sally Ride", "PER")],
      detected([object("person", LEFT)]),
    );
    expect(found.map((evidence) => evidence?.regions.length ?? 0)).toEqual([1, 0]);
  });

  it("requires a higher detector score, the later a name comes", async () => {
    const people = [10, 140, 270].map((x) => object("person", box(x, 10, x + 100, 290), 0.47));
    const found = await assign([entity("Anna", "PER"), entity("Bob", "PER"), entity("Carl", "PER")], detected(people));
    expect(found.map((evidence) => (evidence?.probability ?? 0) >= VISIBLE_FROM)).toEqual([true, true, false]);
  });

  it("gives a left-over person to a left-over name as a candidate", async () => {
    const people = [10, 140, 270].map((x) => object("person", box(x, 10, x + 100, 290), 0.47));
    const found = await assign([entity("Anna", "PER"), entity("Bob", "PER"), entity("Carl", "PER")], detected(people));
    expect(new Set(found.map((evidence) => evidence?.regions[0]?.box.xmin)).size).toBe(3);
  });

  it("gives the person to the name that is not printed", async () => {
    const found = await assign(
      [entity("Steven Spielberg", "PER"), entity("Tom Hanks", "PER")],
      detected([object("person", LEFT)], [line("STEVEN SPIELBERG", box(200, 10, 390, 40))]),
    );
    expect(found.map((evidence) => evidence?.kind)).toEqual(["text", "object"]);
  });

  it("prefers the person to her name on a badge", async () => {
    const [found] = await assign(
      [entity("Grace Hopper", "PER")],
      detected([object("person", LEFT)], [line("GRACE HOPPER", box(50, 200, 100, 210), 1)]),
    );
    expect(found?.kind).toBe("object");
  });

  it("finds a person when the entity has an expression alone", async () => {
    const asked: StageEntity[] = [
      { id: "p", type: "PER", expression: "a person" },
      { id: "w", expression: "a woman in an orange space suit" },
    ];
    for (const one of asked)
      expect((await assign([one], detected([object("person", LEFT)])))[0]?.regions[0]?.box).toEqual(LEFT);
  });
});

describe("assign, where a wrong box is worse than none", () => {
  it("does not put FC Barcelona on the ball", async () => {
    const found = await assign(
      [entity("Lionel Messi", "PER"), entity("FC Barcelona", "ORG", "the logo or name of FC Barcelona")],
      detected([object("person", LEFT), object("sports ball", box(300, 200, 340, 240))]),
    );
    expect(found.map((evidence) => evidence?.kind)).toEqual(["object", undefined]);
  });

  it("does not put a TV series on a cat", async () => {
    const found = await assign(
      [entity("Game of Thrones", "OTHER", "Game of Thrones")],
      detected([object("cat", LEFT), object("tv", RIGHT)]),
    );
    expect(found).toEqual([null]);
  });

  it("does not put a club on the cat that its gloss mentions", async () => {
    expect(
      await assign(
        [entity("Chelsea", "ORG", "Chelsea, a club whose mascot is a cat")],
        detected([object("cat", LEFT)]),
      ),
    ).toEqual([null]);
  });

  it("does not put a place on people or things", async () => {
    const objects = ["person", "boat", "bus", "chair"].map((label) => object(label, LEFT));
    expect(
      await assign(
        [entity("London", "LOC", "a place called London"), entity("Venice", "LOC", "the Venice boat")],
        detected(objects),
      ),
    ).toEqual([null, null]);
  });

  it("finds nothing when nothing was detected", () => {
    const entities = fc.array(
      fc.record({
        id: fc.string({ minLength: 1 }),
        text: fc.string({ minLength: 1, maxLength: 20 }),
        type: fc.constantFrom<EntityType>("PER", "LOC", "ORG", "OTHER"),
        expression: fc.constantFrom("a cat", "a person", "Chelsea, the cat"),
      }),
      { maxLength: 8 },
    );
    fc.assert(
      fc.asyncProperty(entities, async (list) => {
        expect(await assign(list, detected([]))).toEqual(list.map(() => null));
      }),
    );
  });
});

describe("assign, objects", () => {
  it.each(["PER", "ORG", "LOC", "OTHER"] as const)(
    "follows the noun beside the name when the type is %s",
    async (type) => {
      const [found] = await assign(
        [entity("Oscar", type, "Oscar, the cat")],
        detected([object("person", RIGHT), object("cat", LEFT, 0.95)]),
      );
      expect(found?.regions[0]?.box).toEqual(LEFT);
    },
  );

  it("gives the person to the person and the cat to the cat", async () => {
    const found = await assign(
      [entity("Oscar", "PER", "Oscar, the cat"), entity("Oscar Wilde", "PER", "Oscar Wilde, Irish writer and wit")],
      detected([object("cat", LEFT), object("person", RIGHT)]),
    );
    expect(found.map((evidence) => evidence?.regions[0]?.box)).toEqual([LEFT, RIGHT]);
  });
});

describe("assign, printed names", () => {
  const northwind = line("NORTHWIND", box(60, 20, 300, 60));

  it.each(["ORG", "LOC", "OTHER", "PER"] as const)("finds a %s when its name is printed", async (type) => {
    const [found] = await assign([entity("Northwind", type)], detected([], [northwind]));
    expect(found).toMatchObject({ kind: "text", regions: [{ box: northwind.box }] });
  });

  it("gives every place where the name is printed", async () => {
    const again = line("northwind", box(60, 200, 200, 220), 0.9);
    const [found] = await assign([entity("Northwind", "ORG")], detected([], [again, northwind]));
    expect(found?.regions.map((region) => region.box)).toEqual([northwind.box, again.box]);
  });

  it("keeps a printed name as a candidate when it was read with a low score", async () => {
    const [found] = await assign([entity("Northwind", "LOC")], detected([], [line("NORTHWIND", northwind.box, 0.6)]));
    expect(found?.probability).toBeLessThan(VISIBLE_FROM);
    expect(found?.regions[0]?.box).toEqual(northwind.box);
  });

  it("gives print that two names share to the longer name, though its score is lower", async () => {
    const newYork = line("New York", box(60, 20, 300, 60));
    const letters = newYork.letters.map((letter, index) => ({ ...letter, score: index < 4 ? 0.95 : 0.99 }));
    const found = await assign(
      [entity("York", "LOC"), entity("New York", "LOC")],
      detected([], [{ ...newYork, letters }]),
    );
    expect(found.map((evidence) => evidence?.kind)).toEqual([undefined, "text"]);
  });

  it("gives each of two names in one line its part", async () => {
    const found = await assign(
      [entity("Lisbon", "LOC"), entity("Porto", "LOC")],
      detected([], [line("Lisbon, Porto", box(0, 20, 260, 60))]),
    );
    const [lisbon, porto] = found.map((evidence) => evidence?.regions[0]?.box);
    expect(lisbon?.xmax).toBeLessThanOrEqual(porto?.xmin ?? 0);
  });

  it("looks for the expression's name when the entity has none", async () => {
    const [found] = await assign(
      [{ id: "n", type: "ORG", expression: "the logo or name of Northwind" }],
      detected([], [northwind]),
    );
    expect(found?.kind).toBe("text");
  });
});

describe("assign, any post", () => {
  const names = ["Anna", "Bob", "Oscar", "Northwind", "Lisbon", "Grace Hopper"];
  const posts = fc.uniqueArray(
    fc.record({
      text: fc.constantFrom(...names),
      type: fc.constantFrom<EntityType>("PER", "LOC", "ORG", "OTHER"),
      noun: fc.constantFrom(null, "cat", "person", "car"),
    }),
    { selector: ({ text }) => text, maxLength: 6 },
  );
  const entitiesOf = (post: ReadonlyArray<{ text: string; type: EntityType; noun: string | null }>) =>
    post.map(({ text, type, noun }) => entity(text, type, noun ? `${text}, the ${noun}` : undefined));
  const boxes = fc
    .tuple(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 200 }), fc.integer({ min: 20, max: 100 }))
    .map(([x, y, side]) => box(x, y, x + side, y + side));
  const objects = fc.array(
    fc.tuple(fc.constantFrom("person", "cat", "car"), boxes, fc.double({ min: 0.4, max: 0.99, noNaN: true })),
    {
      maxLength: 6,
    },
  );
  const lines = fc.array(
    fc.tuple(fc.constantFrom(...names, "Lisbon Anna"), boxes).map(([text, at]) => line(text, at)),
    { maxLength: 3 },
  );
  const detections = fc.tuple(objects, lines).map(([things, text]) =>
    detected(
      things.map(([label, at, score]) => object(label, at, score)),
      text,
    ),
  );

  it("gives no object to two names", async () => {
    await fc.assert(
      fc.asyncProperty(posts, detections, async (post, pictured) => {
        const given = (await assign(entitiesOf(post), pictured)).flatMap((evidence) =>
          evidence?.kind === "object" ? evidence.regions : [],
        );
        expect(new Set(given).size).toBe(given.length);
      }),
    );
  });

  it("does not depend on the order of names when they are no people and scores do not tie", async () => {
    await fc.assert(
      fc.asyncProperty(posts, detections, async (post, pictured) => {
        fc.pre(new Set(pictured.objects.map(({ score }) => score)).size === pictured.objects.length);
        const entities = entitiesOf(post.filter(({ type, noun }) => type !== "PER" && noun === null));
        const forwards = await assign(entities, pictured);
        const backwards = (await assign(entities.toReversed(), pictured)).toReversed();
        expect(backwards).toEqual(forwards);
      }),
    );
  });

  it("never lowers the probability when the detector's score rises", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.double({ min: 0.4, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        async (score, growth) => {
          const surer = score + (1 - score) * growth;
          const at = async (confidence: number) =>
            (await assign([entity("Anna", "PER")], detected([object("person", LEFT, confidence)])))[0]?.probability ??
            0;
          expect(await at(surer)).toBeGreaterThanOrEqual(await at(score));
        },
      ),
    );
  });
});
