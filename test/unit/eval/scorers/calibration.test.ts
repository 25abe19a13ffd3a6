import fc from "fast-check";
import { expect, test } from "vitest";
import { calibrationReport } from "../../../../eval/scorers/calibration.ts";

const counts = { without_score: 1, not_in_gold: 2, model: "cog/ofa 1.1" };
const post = (probability: number, truth: number) => [{ probability, truth }];

test("calibrates each post by constants that were fitted on others", () => {
  // The model is right about every fifth post, which is a part of its own, and wrong about all others.
  const posts = Array.from({ length: 100 }, (_, index) => {
    const truth = Math.floor(index / 5) % 2;
    return post(index % 5 === 0 ? 0.1 + 0.8 * truth : 0.9 - 0.8 * truth, truth);
  });
  const { constants, after, before } = calibrationReport({ posts, ...counts });
  expect(constants.slope).toBeLessThan(0);
  // What is fitted on the others turns the first part around: 20 samples are then wrong.
  expect(after?.brier).toBeGreaterThan(0.1);
  expect(before.brier).toBeCloseTo(0.8 * 0.81 + 0.2 * 0.01, 10);
});

test("computes nothing after calibration where four parts cannot be fitted", () => {
  const posts = [post(0.9, 1), post(0.2, 0), post(0.3, 0), post(0.1, 0), post(0.2, 0), post(0.2, 0)];
  const report = calibrationReport({ posts, ...counts });
  expect(report).toMatchObject({ samples: 6, visible: 1, after: null, ...counts });
});

test("lowers the error of a model that exaggerates", () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 4 }), fc.integer({ min: 40, max: 60 }), (factor, size) => {
      // Visible as often as the logit over the factor says, dealt out evenly.
      const posts = [0.02, 0.1, 0.5, 0.9, 0.98].flatMap((said) => {
        const logit = Math.log(said / (1 - said)) / factor;
        const share = 1 / (1 + Math.exp(-logit));
        return Array.from({ length: size }, (_, index) =>
          post(said, Number(Math.floor((index + 1) * share) > Math.floor(index * share))),
        );
      });
      const { before, after, constants } = calibrationReport({ posts, ...counts });
      expect(after?.ece ?? 1).toBeLessThan(before.ece ?? 0);
      expect(constants.slope).toBeCloseTo(1 / factor, 0);
    }),
  );
});
