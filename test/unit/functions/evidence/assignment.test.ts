import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bestAssignment } from "../../../../functions/evidence/assignment.ts";

const matrices = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 0, max: 5 })).chain(([rows, columns]) =>
  fc.array(fc.array(fc.integer({ min: -3, max: 20 }), { minLength: columns, maxLength: columns }), {
    minLength: rows,
    maxLength: rows,
  }),
);

/** The best total by exhaustive search: each row takes a free column or none. */
function bruteForce(gains: readonly number[][], row = 0, taken = new Set<number>()): number {
  const current = gains[row];
  if (!current) return 0;
  let best = bruteForce(gains, row + 1, taken);
  current.forEach((gain, column) => {
    if (taken.has(column)) return;
    best = Math.max(best, gain + bruteForce(gains, row + 1, new Set([...taken, column])));
  });
  return best;
}

function total(gains: readonly number[][], assigned: ReadonlyArray<number | null>): number {
  return assigned.reduce<number>((sum, column, row) => sum + (column === null ? 0 : (gains[row]?.[column] ?? 0)), 0);
}

describe("bestAssignment", () => {
  it("reaches the best total that exists", () => {
    fc.assert(
      fc.property(matrices, (gains) => {
        expect(total(gains, bestAssignment(gains))).toBe(bruteForce(gains));
      }),
      { numRuns: 300 },
    );
  });

  it("gives no column twice, and none when its gain is not positive", () => {
    fc.assert(
      fc.property(matrices, (gains) => {
        const assigned = bestAssignment(gains);
        const columns = assigned.filter((column) => column !== null);
        expect(assigned).toHaveLength(gains.length);
        expect(new Set(columns).size).toBe(columns.length);
        assigned.forEach((column, row) => {
          if (column !== null) expect(gains[row]?.[column]).toBeGreaterThan(0);
        });
      }),
    );
  });

  it("gives up a row's best column when the total gains by it", () => {
    expect(
      bestAssignment([
        [10, 9],
        [8, 1],
      ]),
    ).toEqual([1, 0]);
  });

  it("leaves every row unassigned when there are no columns", () => {
    expect(bestAssignment([])).toEqual([]);
    expect(bestAssignment([[], []])).toEqual([null, null]);
  });

  it("answers when 200 entities meet 100 objects", () => {
    const gains = Array.from({ length: 200 }, (_, row) =>
      Array.from({ length: 100 }, (_, column) => ((row * 31 + column * 17) % 97) / 97),
    );
    expect(bestAssignment(gains).filter((column) => column !== null).length).toBeGreaterThanOrEqual(98);
  });
});
