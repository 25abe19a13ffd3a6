import { describe, expect, test } from "vitest";
import { LIMITS } from "../../../schemas/limits.ts";
import {
  EntailRequest,
  EntityQuery,
  ExpandRequest,
  GroundRequest,
  MnerRequest,
  SegmentRequest,
} from "../../../schemas/stage-routes.ts";

const image = "https://example.com/a.jpg";

describe("EntityQuery", () => {
  test.each([
    [{ text: "NASA" }, true],
    [{ expression: "a logo" }, true],
    [{ text: "NASA", expression: "a logo", type: "ORG", id: "x" }, true],
    [{ type: "ORG" }, false],
    [{ id: "", text: "NASA" }, false],
    [{ id: "x".repeat(LIMITS.idLength + 1), text: "NASA" }, false],
  ])("takes %j: %s", (query, expected) => {
    expect(EntityQuery.safeParse(query).success).toBe(expected);
  });
});

describe("the requests of single stages", () => {
  test.each([" ", "\n\t", "\u00a0\u3000", "\u200b\ufeff"])("refuse the blank %j as a name or as words", (blank) => {
    const pathOf = (parsed: { error?: { issues: readonly { path: PropertyKey[] }[] } | undefined }) =>
      parsed.error?.issues.map(({ path }) => path.join("/"));
    const named = [{ text: blank, type: "ORG" }];
    expect(pathOf(ExpandRequest.safeParse({ text: "a", entities: named }))).toEqual(["entities/0/text"]);
    expect(pathOf(GroundRequest.safeParse({ image, entities: named }))).toEqual(["entities/0/text"]);
    expect(pathOf(EntailRequest.safeParse({ image, entities: [{ expression: blank }] }))).toEqual([
      "entities/0/expression",
    ]);
    expect(MnerRequest.safeParse({ text: "a", labels: [blank] }).success).toBe(false);
  });

  test("fill in their defaults", () => {
    const entities = [{ text: "NASA", type: "ORG" }];
    expect(MnerRequest.parse({ text: "a" })).toMatchObject({
      thresholds: { mention: 0 },
      labels: "gmner",
      store: true,
    });
    expect(ExpandRequest.parse({ text: "a", entities })).toMatchObject({ store: true });
    expect(EntailRequest.parse({ image, entities })).toMatchObject({ thresholds: {}, store: true });
    expect(GroundRequest.parse({ image, entities })).toMatchObject({ thresholds: { region: 0 }, store: true });
  });

  test.each([
    ["ExpandRequest", ExpandRequest, { text: "a" }],
    ["EntailRequest", EntailRequest, { image }],
    ["GroundRequest", GroundRequest, { image }],
  ])("%s takes 1 to 100 entities", (_, schema, rest) => {
    const entities = (length: number) => Array.from({ length }, () => ({ text: "NASA", type: "ORG" }));
    const taken = [0, 1, 100, 101].map((count) => schema.safeParse({ ...rest, entities: entities(count) }).success);
    expect(taken).toEqual([false, true, true, false]);
  });

  test("SegmentRequest takes boxes that reach out of the picture, up to the largest coordinate", () => {
    const taken = [-5, LIMITS.coordinate, LIMITS.coordinate + 1].map(
      (xmax) => SegmentRequest.safeParse({ image, boxes: [{ box: { xmin: 0, ymin: 0, xmax, ymax: 1 } }] }).success,
    );
    expect(taken).toEqual([true, true, false]);
  });
});

test("SegmentRequest reads a box from four numbers as from an object", () => {
  const box = { xmin: 25, ymin: 8.5, xmax: 368, ymax: 481 };
  const boxes = [{ box }, { box: [25, 8.5, 368, 481], id: "mine" }];
  expect(SegmentRequest.parse({ image, boxes }).boxes).toEqual([{ box }, { box, id: "mine" }]);
});
