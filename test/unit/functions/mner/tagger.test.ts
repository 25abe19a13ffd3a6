import fc from "fast-check";
import { expect, test } from "vitest";
import { windows } from "../../../../functions/mner/tagger.ts";

test("windows cover every word, fit the model, and overlap", () => {
  const pieces = fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 400 });
  fc.assert(
    fc.property(pieces, (counts) => {
      const all = windows(counts.map((count) => ({ ids: Array.from({ length: count }, () => 7), shape: 0 })));
      expect(all.flatMap(([from, to]) => counts.slice(from, to)).length).toBeGreaterThanOrEqual(counts.length);
      all.forEach(([from, to], index) => {
        expect(counts.slice(from, to).reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(126);
        const next = all[index + 1];
        if (next) {
          expect(next[0]).toBeGreaterThan(from);
          expect(next[0]).toBeLessThan(to);
        } else expect(to).toBe(counts.length);
      });
    }),
  );
});
