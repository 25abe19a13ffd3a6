import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ANSWERS, REQUESTS } from "../../../schemas/examples.ts";
import { PaidOperation, priceOf } from "../../../schemas/prices.ts";
import { RecognizeRequest } from "../../../schemas/recognize.ts";
import { askedEntities, COUNTED, deliveredUnits, mostUnits } from "../../../schemas/units.ts";

const request = (fields: object) => RecognizeRequest.parse({ text: "Eileen Collins in Houston", ...fields });
const seen = { visible: true, regions: [{ mask: { size: [1, 1], counts: "1" } }, { mask: null }] };
const undecided = { visible: null, regions: [] };

describe("units", () => {
  test.each([
    ["a post whose picture is searched", { image: "x", max_entities: 3 }, { calls: 1, entities: 3, masks: 3 }],
    ["a post without masks", { image: "x", task: "gmner", max_entities: 3 }, { calls: 1, entities: 3, masks: 0 }],
    ["a post without a picture", { max_entities: 3 }, { calls: 1, entities: 0, masks: 0 }],
    ["a post of which only mentions are asked", { image: "x", task: "mner" }, { calls: 1, entities: 0, masks: 0 }],
    ["a text too short for more names", { image: "x", text: "a b" }, { calls: 1, entities: 2, masks: 2 }],
    ["the caller's own mentions", { image: "x", entities: [] }, { calls: 1, entities: 0, masks: 0 }],
  ])("of the most that may be delivered for %s", (_, fields, most) => {
    expect(mostUnits("recognize", request(fields))).toEqual(most);
  });

  test("of what was delivered: entities with a result and masks that are not null", () => {
    expect(deliveredUnits("recognize", { entities: [seen, undecided] })).toEqual({ calls: 1, entities: 1, masks: 1 });
    expect(deliveredUnits("entail", { judgements: [{ visible: false }, { visible: null }] })).toMatchObject({
      entities: 1,
    });
    expect(deliveredUnits("ground", { groundings: [{ regions: [{}] }, { regions: [] }] })).toMatchObject({
      entities: 1,
    });
    expect(deliveredUnits("expand", { expressions: [{ text: "a man" }, { text: null }] })).toMatchObject({
      entities: 1,
    });
    expect(deliveredUnits("segment", { masks: [{ mask: null }, { mask: {} }] })).toMatchObject({ masks: 1 });
  });

  test.each(PaidOperation.options)("of the example answer of %s cost no more than its request may", (operation) => {
    const [fields] = Object.values(REQUESTS[operation]);
    const sent = operation === "recognize" ? RecognizeRequest.parse(fields) : fields;
    const delivered = deliveredUnits(operation, ANSWERS[operation]);
    expect(priceOf(operation, delivered)).toBeLessThanOrEqual(priceOf(operation, mostUnits(operation, sent)));
    expect(Object.keys(COUNTED)).toContain(operation);
  });

  test("of a plan's limit on entities: those that are sent, else max_entities", () => {
    const asked = (fields: object) => Object.values(askedEntities(fields));
    expect(asked(request({ max_entities: 7 }))).toEqual([7, "/max_entities"]);
    expect(asked(request({ entities: [{ start: 0, end: 6, type: "PER" }] }))).toEqual([1, "/entities"]);
    expect(asked({ boxes: [1, 2] })).toEqual([2, "/boxes"]);
    expect(asked({ text: "a" })).toEqual([0, "/max_entities"]);
  });

  test("never make an answer dearer when something is missing from it", () => {
    const entity = fc.record({
      visible: fc.constantFrom(true, false, null),
      regions: fc.array(fc.record({ mask: fc.constantFrom(null, {}) }), { maxLength: 3 }),
    });
    fc.assert(
      fc.property(fc.array(entity, { minLength: 1, maxLength: 8 }), (entities) => {
        const price = (some: object[]) => priceOf("recognize", deliveredUnits("recognize", { entities: some }));
        expect(price(entities.slice(1))).toBeLessThanOrEqual(price(entities));
      }),
    );
  });
});
