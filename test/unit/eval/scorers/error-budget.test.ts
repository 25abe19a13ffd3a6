import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { errorBudget } from "../../../../eval/scorers/error-budget.ts";
import { DEFINITION } from "../../../../eval/scorers/protocols/definition.ts";
import { MASK_ANY } from "../../../../eval/scorers/protocols/masks.ts";
import { RIVEG } from "../../../../eval/scorers/protocols/riveg.ts";
import { rleOfPolygons } from "../../../../schemas/polygon.ts";
import { entity, goldPost, post, predictedPost, strip } from "../../../support/evaluated-posts.ts";

const gmner = { task: "gmner", maskIou: 0.5, candidates: null } as const;

describe("errorBudget", () => {
  // Five entities, each of which fails in another stage, or in none.
  const gold = post(
    entity("PER", 0, 1, [strip(0, 10)]),
    entity("PER", 1, 2, [strip(0, 10)]),
    entity("PER", 2, 3),
    entity("PER", 3, 4, [strip(0, 10)]),
    entity("PER", 4, 5),
  );
  const predicted = post(
    entity("PER", 0, 1, [strip(0, 10)]),
    entity("PER", 1, 2, [strip(50, 60)]),
    entity("PER", 2, 3, [strip(50, 60)]),
    entity("PER", 3, 4),
    entity("ORG", 4, 5),
  );

  it("adds what each stage costs, from grounding to mner", () => {
    for (const protocol of [DEFINITION, RIVEG]) {
      const { rows, costs } = errorBudget([{ gold, predicted, text: null }], protocol, gmner);
      expect(rows).toEqual([
        { oracle: "none", f1: 0.2 },
        { oracle: "grounding", f1: 0.4 },
        { oracle: "entailment", f1: 0.8 },
        { oracle: "mner", f1: 1 },
      ]);
      expect(costs.grounding).toBeCloseTo(0.2, 12);
      expect(costs.entailment).toBeCloseTo(0.4, 12);
      expect(costs.mner).toBeCloseTo(0.2, 12);
    }
  });

  it("gives segmentation its part where masks are scored", () => {
    const mask = (right: number) => rleOfPolygons({ size: [10, 20], polygons: [[[0, 0, right, 0, right, 10, 0, 10]]] });
    const shown = (start: number, box: ReturnType<typeof strip>, right: number) =>
      entity("PER", start, start + 1, [box], { masks: [mask(right)] });
    const pair = {
      gold: post(shown(0, strip(0, 10), 10), shown(1, strip(0, 10), 10), shown(2, strip(0, 10), 10)),
      predicted: post(shown(0, strip(0, 10), 10), shown(1, strip(0, 10), 3), shown(2, strip(50, 60), 3)),
      text: null,
    };
    const { rows } = errorBudget([pair], MASK_ANY, { ...gmner, task: "smner" });
    expect(rows.map(({ oracle, f1 }) => [oracle, (f1 ?? 0) * 3])).toEqual([
      ["none", 1],
      ["segmentation", 2],
      ["grounding", 3],
      ["entailment", 3],
      ["mner", 3],
    ]);
  });

  it("is null where there is nothing to score", () => {
    const { rows, costs } = errorBudget([], DEFINITION, gmner);
    expect([rows[0]?.f1, costs.mner]).toEqual([null, null]);
  });

  it("never loses by an oracle, and the costs and the F1 add up to 1", () => {
    fc.assert(
      fc.property(goldPost, predictedPost, (own, answer) => {
        fc.pre(own.entities.length > 0);
        const { rows, costs } = errorBudget([{ gold: own, predicted: answer, text: null }], DEFINITION, gmner);
        const parts = Object.values(costs).map((cost) => cost ?? 0);
        expect(Math.min(...parts)).toBeGreaterThanOrEqual(0);
        expect(parts.reduce((sum, cost) => sum + cost, rows[0]?.f1 ?? 0)).toBeCloseTo(1, 9);
      }),
    );
  });
});
