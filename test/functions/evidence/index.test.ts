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

async function ask(image: string, entities: StageEntity[]) {
  const [judged, grounded] = await Promise.all([
    entailment.run({ image, entities }, context),
    grounding.run({ image, entities }, context),
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
      reason: null,
    });
    expect(collins?.regions).toHaveLength(1);
    expect(collins?.regions[0]?.method).toBe("coco-ssd");
    expect(
      collins?.regions[0] && boxIou(collins.regions[0].box, goldBox("astronaut", "Eileen Collins")),
    ).toBeGreaterThanOrEqual(0.7);
    for (const other of [ride, nasa]) {
      expect(other?.judgement).toMatchObject({ visible: false, score: null, method: "rule:no-evidence" });
      expect(other?.regions).toEqual([]);
    }
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
    expect(found?.judgement).toMatchObject({ visible: true, method: "rule:pp-ocrv4" });
    expect(found?.regions[0]?.method).toBe("pp-ocrv4");
    expect(found?.regions[0] && boxIou(found.regions[0].box, goldBox("lineup", text))).toBeGreaterThanOrEqual(0.5);
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

  it("answer 200 entities by their ids, with boxes exactly when visible", async () => {
    const entities = Array.from(
      { length: 200 },
      (_, index): StageEntity => ({ id: `e${index}`, text: `Name ${index}`, type: "PER" }),
    );
    const found = await ask(pictureOf("astronaut"), entities);
    expect(found.filter(({ judgement }) => judgement?.visible)).toHaveLength(1);
    for (const { id, judgement, regions } of found) {
      expect(judgement?.id).toBe(id);
      expect(regions.length > 0).toBe(judgement?.visible);
    }
  });

  it("find nothing when the picture is one pixel", async () => {
    const [found] = await ask(await solidPicture(1, 1), [{ id: "1", text: "Anna", type: "PER" }]);
    expect(found).toMatchObject({ judgement: { visible: false, score: null }, regions: [] });
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
