import { describe, expect, it } from "vitest";
import { loadEntailment } from "../../../functions/entailment/index.ts";
import { loadGrounding } from "../../../functions/grounding/index.ts";
import { PictureStore } from "../../../functions/pictures.ts";
import { boxIou } from "../../../schemas/geometry.ts";
import type { StageEntity } from "../../../schemas/primitives.ts";
import { EntailmentOutput } from "../../../schemas/stages/entailment.ts";
import { GroundingOutput } from "../../../schemas/stages/grounding.ts";
import { runContext } from "../../support/run-context.ts";
import { goldBox, pictureOf, solidPicture } from "../examples.ts";

const pictures = new PictureStore();
const [entailment, grounding] = await Promise.all([loadEntailment(pictures), loadGrounding(pictures)]);
const context = runContext();

async function ask(image: string, entities: StageEntity[], text?: string) {
  const [judged, grounded] = await Promise.all([
    entailment.run({ image, entities, text }, context),
    grounding.run({ image, entities, text }, context),
  ]);
  const { judgements } = EntailmentOutput.parse(judged);
  const { groundings } = GroundingOutput.parse(grounded);
  return entities.map(({ id }, index) => ({
    id,
    judgement: judgements[index],
    regions: groundings[index]?.regions ?? [],
  }));
}

describe("entailment and grounding on real pictures", () => {
  it("find the astronaut, and neither her agency nor the second name", async () => {
    const [collins, ride, nasa] = await ask(pictureOf("astronaut"), [
      { id: "1", text: "Eileen Collins", type: "PER", expression: "Eileen Collins, the astronaut" },
      { id: "2", text: "Sally Ride", type: "PER", expression: "a person named Sally Ride" },
      { id: "3", text: "NASA", type: "ORG", expression: "the logo or name of NASA" },
    ]);
    expect(collins?.judgement).toMatchObject({
      visible: true,
      method: "rule:coco-ssd",
      calibrated: false,
      evidence: "object",
      reason: null,
    });
    expect(collins?.regions).toHaveLength(1);
    expect(collins?.regions[0]?.method).toBe("coco-ssd");
    expect(
      collins?.regions[0] && boxIou(collins.regions[0].box, goldBox("astronaut", "Eileen Collins")),
    ).toBeGreaterThanOrEqual(0.7);
    expect(collins?.regions[0]).toMatchObject({ evidence: "object", link: { basis: "guess", alternatives: [] } });
    // One person and two names: Ride is less probable, and NASA's patch is nothing that a detector here could find.
    expect(ride?.judgement).toMatchObject({ visible: null, method: "rule:coco-ssd", reason: "undecided" });
    expect(ride?.judgement?.score).toBeLessThan(collins?.judgement?.score ?? 0);
    expect(nasa?.judgement).toMatchObject({ visible: null, method: "rule:prior", reason: "undecided" });
    for (const other of [ride, nasa]) expect(other?.regions).toEqual([]);
  });

  it.each(["PER", "ORG", "OTHER"] as const)(
    "find the cat that a post names when it is tagged %s, and no TV series",
    async (type) => {
      const [cat, series] = await ask(pictureOf("cat"), [
        { id: "1", text: "Chelsea", type, expression: "Chelsea, the cat" },
        { id: "2", text: "Game of Thrones", type: "OTHER", expression: "Game of Thrones" },
      ]);
      expect(cat?.regions[0] && boxIou(cat.regions[0].box, goldBox("cat", "Chelsea"))).toBeGreaterThanOrEqual(0.9);
      expect(series?.regions).toEqual([]);
    },
  );

  it.each([
    ["Northwind", "OTHER"],
    ["Aurora Quartet", "ORG"],
    ["Lisbon", "LOC"],
  ] as const)("find %s when the poster prints it", async (text, type) => {
    const [found] = await ask(pictureOf("lineup"), [{ id: "1", text, type }]);
    expect(found?.judgement).toMatchObject({ visible: true, method: "rule:pp-ocrv4", evidence: "print" });
    expect(found?.regions[0]).toMatchObject({
      method: "pp-ocrv4",
      evidence: "print",
      link: { basis: "printed_name", alternatives: [] },
    });
    expect(found?.regions[0] && boxIou(found.regions[0].box, goldBox("lineup", text))).toBeGreaterThanOrEqual(0.5);
  });

  it("say no to who took the picture, and leave the person to the other name", async () => {
    const entities: StageEntity[] = [
      { id: "1", text: "Anna", type: "PER" },
      { id: "2", text: "Ben Ray", type: "PER" },
    ];
    const [anna, ben] = await ask(pictureOf("astronaut"), entities, "Anna in her suit, photo by Ben Ray");
    expect(anna?.judgement).toMatchObject({ visible: true });
    expect(anna?.regions).toMatchObject([{ link: { basis: "only_candidate" } }]);
    expect(ben).toMatchObject({ judgement: { visible: false, method: "rule:text" }, regions: [] });
  });

  it("find the largest person when the entity has no name", async () => {
    const [person] = await ask(pictureOf("portrait"), [{ id: "1", type: "PER", expression: "a person" }]);
    expect(
      person?.regions[0] && boxIou(person.regions[0].box, goldBox("portrait", "Grace Hopper")),
    ).toBeGreaterThanOrEqual(0.7);
  });
});

describe("entailment and grounding at the edges", () => {
  it("answer nothing when there are no entities", async () => {
    expect(await ask(pictureOf("cat"), [])).toEqual([]);
  });

  it("answer 200 entities by their ids, and are sure of none of 200 names for one person", async () => {
    const entities = Array.from(
      { length: 200 },
      (_, index): StageEntity => ({ id: `e${index}`, text: `Name ${index}`, type: "PER" }),
    );
    const found = await ask(pictureOf("astronaut"), entities);
    expect(found.map(({ judgement }) => judgement?.id)).toEqual(entities.map(({ id }) => id));
    expect(found.filter(({ judgement }) => judgement?.visible)).toEqual([]);
    const [first, ...others] = found.map(({ regions }) => regions);
    expect(first).toMatchObject([{ link: { basis: "guess" } }]);
    expect(first?.[0]?.link?.score).toBeLessThan(0.5);
    expect(others.flat()).toEqual([]);
  });

  it("find nothing when the picture is one pixel", async () => {
    const [found] = await ask(await solidPicture(1, 1), [{ id: "1", text: "Anna", type: "PER" }]);
    expect(found).toMatchObject({ judgement: { visible: false, reason: null }, regions: [] });
    expect(found?.judgement?.score).toBeLessThanOrEqual(0.1);
  });

  it("fail with invalid_picture when the bytes are no picture", async () => {
    const image = `data:image/png;base64,${Buffer.from("not a picture").toString("base64")}`;
    await expect(grounding.run({ image, entities: [] }, context)).rejects.toThrow(/^invalid_picture/);
  });
});

it("pauses before each entity, so that other predictions get their turn", async () => {
  const image = await solidPicture(40, 30);
  const entities = Array.from({ length: 200 }, (_, index) => ({ id: `e${index}`, text: `Name ${index}` }));
  let pauses = 0;
  await grounding.run({ image, entities }, { ...context, pause: async () => void pauses++ });
  expect(pauses).toBeGreaterThanOrEqual(200);
});
