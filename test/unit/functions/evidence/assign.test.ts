import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DetectedObject } from "../../../../functions/detect/objects.ts";
import type { TextLine } from "../../../../functions/detect/text.ts";
import { assign, type Detections } from "../../../../functions/evidence/assign.ts";
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
  return { ...SIZE, objects, traces: new Set(objects.map(({ label }) => label)), lines };
}

const ask = (entities: readonly StageEntity[], detections: Detections, text?: string) =>
  assign({ entities, text }, detections);

const LEFT = box(10, 10, 150, 290);
const RIGHT = box(200, 10, 390, 290);

describe("assign, people", () => {
  it("gives the person to a PER", async () => {
    const [found] = await ask([entity("Eileen Collins", "PER")], detected([object("person", LEFT)]));
    expect(found).toMatchObject({
      visible: true,
      found: "object",
      regions: [{ box: LEFT, score: 0.9, kind: "object", link: { basis: "only_candidate", alternatives: [] } }],
    });
  });

  it("prefers the larger person when two have the same score", async () => {
    const [found] = await ask(
      [entity("Anna", "PER")],
      detected([object("person", box(0, 0, 60, 60)), object("person", RIGHT)]),
    );
    expect(found?.regions[0]?.box).toEqual(RIGHT);
  });

  it("ignores a person when smaller than 99 % of those that posts name", async () => {
    expect(await ask([entity("Anna", "PER")], detected([object("person", box(0, 0, 20, 30))]))).toMatchObject([
      { regions: [] },
    ]);
  });

  it("gives one person to the first of two names", async () => {
    const found = await ask(
      [entity("Eileen Collins", "PER"), entity("Sally Ride", "PER")],
      detected([object("person", LEFT)]),
    );
    expect(found.map((evidence) => evidence?.regions.length ?? 0)).toEqual([1, 0]);
  });

  it("gives the likeliest name the surest person, whatever the order of the detections", async () => {
    const people = [object("person", LEFT, 0.5), object("person", RIGHT, 0.99)];
    for (const order of [people, people.toReversed()]) {
      const found = await ask([entity("Carlos", "PER"), entity("Diego", "PER")], detected(order));
      expect(found.map(({ regions }) => regions[0]?.box)).toEqual([RIGHT, LEFT]);
    }
  });

  it("changes no name's box when a less likely name is added", async () => {
    const people = [10, 140, 270].map((x, index) => object("person", box(x, 10, x + 100, 290), 0.9 - index / 10));
    const names = ["Anna", "Bob", "Carl", "Dora", "Emil"].map((name) => entity(name, "PER"));
    const boxesOf = async (count: number) =>
      (await ask(names.slice(0, count), detected(people))).map(({ regions }) => regions[0]?.box);
    const all = await boxesOf(5);
    for (const count of [2, 3, 4]) expect(all.slice(0, count)).toEqual(await boxesOf(count));
  });

  it("says that it is a guess, how sure, and which other box fits, when two names share two people", async () => {
    const people = [object("person", box(10, 10, 150, 290)), object("person", box(200, 10, 340, 290))];
    const [first, second] = await ask([entity("Ana", "PER"), entity("Berta", "PER")], detected(people));
    expect(first?.regions[0]?.link).toMatchObject({ basis: "guess", alternatives: [second?.regions[0]?.box] });
    expect(second?.regions[0]?.link).toMatchObject({ basis: "guess", alternatives: [first?.regions[0]?.box] });
    expect(first?.regions[0]?.link.score).toBeLessThan(0.6);
  });

  it("puts names where the text says that they are", async () => {
    const people = [object("person", LEFT, 0.5), object("person", RIGHT, 0.99)];
    const text = "From left to right: Ana and Berta";
    const found = await ask([entity("Ana", "PER"), entity("Berta", "PER")], detected(people), text);
    expect(found.map(({ regions }) => regions[0]?.box)).toEqual([LEFT, RIGHT]);
    for (const { visible, regions } of found) {
      expect(visible).toBe(true);
      expect(regions[0]?.link).toMatchObject({ basis: "stated_position", alternatives: [] });
    }
  });

  it("gives no place in a row to a place or an organization", async () => {
    const people = detected([object("person", LEFT), object("person", RIGHT, 0.8)]);
    const names = [entity("Anna", "PER"), entity("NASA", "ORG"), entity("Berta", "PER"), entity("Lima", "LOC")];
    const found = await ask(names, people, "L-R: Anna, NASA, Berta, Lima");
    expect(found.map(({ regions }) => regions[0]?.box)).toEqual([LEFT, undefined, RIGHT, undefined]);
    expect(found[0]?.regions[0]?.link.basis).toBe("stated_position");
  });

  it("leaves nobody in the background out of a row that the text lists", async () => {
    const people = [object("person", RIGHT), object("person", LEFT), object("person", box(155, 10, 195, 60))];
    const found = await ask([entity("Ana", "PER"), entity("Berta", "PER")], detected(people), "(L-R) Ana, Berta");
    expect(found.map(({ regions }) => regions[0]?.box)).toEqual([LEFT, RIGHT]);
  });

  it("gives no box to the one who took the photo, and says that they are not in it", async () => {
    const text = "Ana at the beach, photo by Carlos Mendes";
    const found = await ask(
      [entity("Ana", "PER"), entity("Carlos Mendes", "PER")],
      detected([object("person", LEFT), object("person", RIGHT)]),
      text,
    );
    expect(found[0]).toMatchObject({ visible: true, regions: [{ link: { basis: "guess" } }] });
    expect(found[1]).toMatchObject({ visible: false, by: "text", found: null, regions: [] });
  });

  it("gives the person to the name that is not printed", async () => {
    const found = await ask(
      [entity("Steven Spielberg", "PER"), entity("Tom Hanks", "PER")],
      detected([object("person", LEFT)], [line("STEVEN SPIELBERG", box(200, 10, 390, 40))]),
    );
    expect(found.map((evidence) => evidence.found)).toEqual(["print", "object"]);
  });

  it("prefers the person to her name on a badge", async () => {
    const [found] = await ask(
      [entity("Grace Hopper", "PER")],
      detected([object("person", LEFT)], [line("GRACE HOPPER", box(50, 200, 100, 210), 1)]),
    );
    expect(found?.found).toBe("object");
  });

  it("finds a person when the entity has an expression alone", async () => {
    const asked: StageEntity[] = [
      { id: "p", type: "PER", expression: "a person" },
      { id: "w", expression: "a woman in an orange space suit" },
    ];
    for (const one of asked)
      expect((await ask([one], detected([object("person", LEFT)])))[0]?.regions[0]?.box).toEqual(LEFT);
  });
});

/** What is said of an entity that no detector knows how to find. */
const CANNOT_TELL = { visible: null, by: "prior", found: null, regions: [] };

describe("assign, where a wrong box is worse than none", () => {
  it("does not put FC Barcelona on the ball", async () => {
    const found = await ask(
      [entity("Lionel Messi", "PER"), entity("FC Barcelona", "ORG", "the logo or name of FC Barcelona")],
      detected([object("person", LEFT), object("sports ball", box(300, 200, 340, 240))]),
    );
    expect(found.map((evidence) => evidence.found)).toEqual(["object", null]);
  });

  it("does not put a TV series on a cat", async () => {
    const found = await ask(
      [entity("Game of Thrones", "OTHER", "Game of Thrones")],
      detected([object("cat", LEFT), object("tv", RIGHT)]),
    );
    expect(found).toMatchObject([CANNOT_TELL]);
  });

  it("does not put a club on the cat that its gloss mentions", async () => {
    expect(
      await ask([entity("Chelsea", "ORG", "Chelsea, a club whose mascot is a cat")], detected([object("cat", LEFT)])),
    ).toMatchObject([CANNOT_TELL]);
  });

  it("does not put a place on people or things", async () => {
    const objects = ["person", "boat", "bus", "chair"].map((label) => object(label, LEFT));
    expect(
      await ask(
        [entity("London", "LOC", "a place called London"), entity("Venice", "LOC", "the Venice boat")],
        detected(objects),
      ),
    ).toMatchObject([CANNOT_TELL, CANNOT_TELL]);
  });

  it("says no to a person when nobody was found, and to nothing that it could not have found", async () => {
    const asked = [
      entity("Carl Sagan", "PER"),
      entity("Chelsea", "OTHER", "Chelsea, the cat"),
      entity("Summer Palace", "LOC"),
      entity("Falcon 9", "OTHER"),
      entity("NASA", "ORG"),
    ];
    const found = await ask(asked, detected([]));
    expect(found.map(({ visible }) => visible)).toEqual([false, false, null, null, null]);
    for (const { visible, probability } of found) expect(probability <= 0.1 || visible === null).toBe(true);
  });

  it("rules no person's name out when there is a pet that may have it", async () => {
    const found = await ask([entity("Paco", "PER")], detected([object("bird", LEFT)]));
    expect(found).toMatchObject([{ visible: null, regions: [] }]);
  });

  it("cannot tell whether a person is there when the detector left a trace of one", async () => {
    const traced = { ...detected([]), traces: new Set(["person"]) };
    expect(await ask([entity("Carl Sagan", "PER")], traced)).toMatchObject([{ visible: null, regions: [] }]);
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
        for (const { visible, regions } of await ask(list, detected([]))) {
          expect(visible).not.toBe(true);
          expect(regions).toEqual([]);
        }
      }),
    );
  });
});

describe("assign, objects", () => {
  it.each(["PER", "ORG", "LOC", "OTHER"] as const)(
    "follows the noun beside the name when the type is %s",
    async (type) => {
      const [found] = await ask(
        [entity("Oscar", type, "Oscar, the cat")],
        detected([object("person", RIGHT), object("cat", LEFT, 0.95)]),
      );
      expect(found?.regions[0]?.box).toEqual(LEFT);
    },
  );

  it("gives the person to the person and the cat to the cat", async () => {
    const found = await ask(
      [entity("Oscar", "PER", "Oscar, the cat"), entity("Oscar Wilde", "PER", "Oscar Wilde, Irish writer and wit")],
      detected([object("cat", LEFT), object("person", RIGHT)]),
    );
    expect(found.map((evidence) => evidence?.regions[0]?.box)).toEqual([LEFT, RIGHT]);
  });
});

describe("assign, printed names", () => {
  const northwind = line("NORTHWIND", box(60, 20, 300, 60));

  it.each(["ORG", "LOC", "OTHER", "PER"] as const)("finds a %s when its name is printed", async (type) => {
    const [found] = await ask([entity("Northwind", type)], detected([], [northwind]));
    expect(found).toMatchObject({
      visible: true,
      found: "print",
      regions: [{ box: northwind.box, kind: "print", link: { basis: "printed_name" } }],
    });
  });

  it("gives every place where the name is printed", async () => {
    const again = line("northwind", box(60, 200, 200, 220), 0.9);
    const [found] = await ask([entity("Northwind", "ORG")], detected([], [again, northwind]));
    expect(found?.regions.map((region) => region.box)).toEqual([northwind.box, again.box]);
  });

  it("keeps a printed name as a candidate when it was read with a low score", async () => {
    const [found] = await ask([entity("Northwind", "LOC")], detected([], [line("NORTHWIND", northwind.box, 0.6)]));
    expect(found?.probability).toBeLessThan(0.9);
    expect(found?.regions[0]?.box).toEqual(northwind.box);
  });

  it("gives print that two names share to the longer name, though its score is lower", async () => {
    const newYork = line("New York", box(60, 20, 300, 60));
    const letters = newYork.letters.map((letter, index) => ({ ...letter, score: index < 4 ? 0.95 : 0.99 }));
    const found = await ask(
      [entity("York", "LOC"), entity("New York", "LOC")],
      detected([], [{ ...newYork, letters }]),
    );
    expect(found.map((evidence) => evidence.found)).toEqual([null, "print"]);
  });

  it("gives each of two names in one line its part", async () => {
    const found = await ask(
      [entity("Lisbon", "LOC"), entity("Porto", "LOC")],
      detected([], [line("Lisbon, Porto", box(0, 20, 260, 60))]),
    );
    const [lisbon, porto] = found.map((evidence) => evidence?.regions[0]?.box);
    expect(lisbon?.xmax).toBeLessThanOrEqual(porto?.xmin ?? 0);
  });

  it("looks for the expression's name when the entity has none", async () => {
    const [found] = await ask(
      [{ id: "n", type: "ORG", expression: "the logo or name of Northwind" }],
      detected([], [northwind]),
    );
    expect(found?.found).toBe("print");
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
        const given = (await ask(entitiesOf(post), pictured)).flatMap(({ regions }) =>
          regions.flatMap((region) => (region.kind === "object" ? region.box : [])),
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
        const forwards = await ask(entities, pictured);
        const backwards = (await ask(entities.toReversed(), pictured)).toReversed();
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
            (await ask([entity("Anna", "PER")], detected([object("person", LEFT, confidence)])))[0]?.probability ?? 0;
          expect(await at(surer)).toBeGreaterThanOrEqual(await at(score));
        },
      ),
    );
  });
});
