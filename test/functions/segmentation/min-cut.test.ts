import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MinCut } from "../../../functions/segmentation/min-cut.ts";

interface Problem {
  readonly costs: ReadonlyArray<readonly [side0: number, side1: number]>;
  readonly links: ReadonlyArray<readonly [a: number, b: number, weight: number]>;
}

function costOf({ costs, links }: Problem, sides: ArrayLike<number>): number {
  const paid = costs.reduce((sum, cost, node) => sum + (cost[sides[node] ?? 0] ?? 0), 0);
  return paid + links.reduce((sum, [a, b, weight]) => sum + (sides[a] === sides[b] ? 0 : weight), 0);
}

function solve({ costs, links }: Problem): Uint8Array {
  const cut = new MinCut(costs.length, links.length);
  for (const [node, [side0, side1]] of costs.entries()) cut.pay(node, side0, side1);
  for (const [a, b, weight] of links) cut.link(a, b, weight);
  return cut.solve();
}

describe("MinCut", () => {
  test("costs no more than any other division", () => {
    const node = fc.nat({ max: 7 });
    const cost = fc.nat({ max: 9 });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(cost, cost), { minLength: 8, maxLength: 8 }),
        fc.array(fc.tuple(node, node, cost), { maxLength: 24 }),
        (costs, links) => {
          const problem = { costs, links };
          let cheapest = Infinity;
          for (let bits = 0; bits < 256; bits++) {
            const sides = Array.from({ length: 8 }, (_, index) => (bits >> index) & 1);
            cheapest = Math.min(cheapest, costOf(problem, sides));
          }
          expect(costOf(problem, solve(problem))).toBe(cheapest);
        },
      ),
      { numRuns: 500 },
    );
  });

  test("cuts a chain at its weakest link", () => {
    const costs = Array.from({ length: 100 }, (_, node): [number, number] =>
      node === 0 ? [0, 1000] : node === 99 ? [1000, 0] : [0, 0],
    );
    const links = Array.from({ length: 99 }, (_, node): [number, number, number] => [
      node,
      node + 1,
      node === 41 ? 1 : 5,
    ]);
    expect([...solve({ costs, links })]).toEqual(costs.map((_, node) => (node <= 41 ? 0 : 1)));
  });

  test("divides nothing", () => expect(solve({ costs: [], links: [] })).toEqual(new Uint8Array()));
});
