import fc from "fast-check";
import { expect, test } from "vitest";
import { cosine, nearest } from "../../../../src/pipeline/text/similar.ts";

const vectors = fc.array(fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 3, maxLength: 3 }), { maxLength: 12 });

test("cosine is between -1 and 1, 1 for one direction, and 0 for a zero vector", () => {
  fc.assert(
    fc.property(vectors, (some) => {
      for (const vector of some) {
        const isZero = vector.every((value) => value === 0);
        expect(
          cosine(
            vector,
            vector.map((value) => 3 * value),
          ),
        ).toBeCloseTo(isZero ? 0 : 1, 9);
        expect(Math.abs(cosine(vector, [1, 2, 3]))).toBeLessThanOrEqual(1 + 1e-9);
      }
    }),
  );
});

test("nearest gives as many as asked for, none farther than one it leaves out, equal ones in their order", () => {
  fc.assert(
    fc.property(vectors, fc.nat(12), (some, count) => {
      const items = some.map((vector, index) => ({ vector, index }));
      const found = nearest([1, 2, 3], items, count);
      expect(found).toHaveLength(Math.min(count, items.length));
      const score = ({ vector }: { vector: number[] }) => cosine([1, 2, 3], vector);
      const left = items.filter((item) => !found.includes(item));
      for (const item of found) for (const other of left) expect(score(item)).toBeGreaterThanOrEqual(score(other));
      for (const [at, item] of found.entries()) {
        const next = found[at + 1];
        if (next)
          expect(score(item) > score(next) || (score(item) === score(next) && item.index < next.index)).toBe(true);
      }
    }),
  );
});
