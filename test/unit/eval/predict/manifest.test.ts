import { describe, expect, it } from "vitest";
import { manifestOf } from "../../../../eval/predict/manifest.ts";
import type { PostResult } from "../../../../eval/predict/post-results.ts";

const FACTS = {
  dataset: { file: "dev.txt", sha256: "ab", format: "conll" },
  options: { task: "gmner", limit: null, given_entities: false },
  posts: 6,
  withoutPicture: ["9"],
} as const;
const MNER = { stage: "mner", provider: "cog", model: "small", version: "1", cached: false };
const GROUNDING = { stage: "grounding", provider: "replicate", model: "dino", version: "2", cached: false };
const result = (id: string, fields: Partial<PostResult> = {}): PostResult => ({
  prediction: { id, offset_unit: "token", entities: [] },
  outcome: "answered",
  problems: [],
  models: [MNER],
  cost: 1_500_000,
  ...fields,
});

describe("manifestOf", () => {
  it("counts posts by what became of them, and adds up what they cost", () => {
    const failed = {
      outcome: "failed",
      problems: [{ code: "stage_failed", stage: "mner" }],
      models: [],
      cost: 0,
    } as const;
    const partial = { outcome: "partial", problems: [{ code: "stage_failed", stage: "grounding" }] } as const;
    const results = [result("1"), result("2", failed), result("3", partial), result("4", failed), result("5", partial)];
    expect(manifestOf(FACTS, results)).toEqual({
      dataset: FACTS.dataset,
      options: FACTS.options,
      posts: { asked: 6, answered: 3, partial: 2, failed: 2, missing: 1 },
      without_picture: ["9"],
      problems: [
        { outcome: "failed", code: "stage_failed", stage: "mner", posts: 2, example: "2" },
        { outcome: "partial", code: "stage_failed", stage: "grounding", posts: 2, example: "3" },
      ],
      models: [{ stage: "mner", provider: "cog", model: "small", version: "1", posts: 3, cached: 0 }],
      cost_usd: "0.0045",
    });
  });

  it("counts a problem once a post, those of failed posts first and then the most frequent", () => {
    const notice = { code: "picture_shrunk", stage: null };
    const late = { code: "deadline", stage: "grounding" };
    const results = [
      result("1", { problems: [notice] }),
      result("2", { outcome: "partial", problems: [late, late, notice] }),
      result("3", { outcome: "partial", problems: [notice] }),
      result("4", { outcome: "failed", problems: [{ code: "canceled", stage: null }] }),
    ];
    expect(manifestOf(FACTS, results).problems.map(({ outcome, code, posts }) => [outcome, code, posts])).toEqual([
      ["failed", "canceled", 1],
      ["partial", "picture_shrunk", 2],
      ["partial", "deadline", 1],
      ["answered", "picture_shrunk", 1],
    ]);
  });

  it("counts a model once a post, each version of its own, in the order of the pipeline", () => {
    const silent = { ...GROUNDING, version: null };
    const results = [
      result("1", { models: [GROUNDING, MNER, GROUNDING] }),
      result("2", { models: [{ ...MNER, cached: true }, silent] }),
      result("3", { models: [{ ...MNER, version: "2" }, { ...GROUNDING, cached: true }, GROUNDING] }),
    ];
    expect(
      manifestOf(FACTS, results).models.map(({ model, version, posts, cached }) => [model, version, posts, cached]),
    ).toEqual([
      ["small", "1", 2, 1],
      ["small", "2", 1, 0],
      ["dino", "2", 2, 1],
      ["dino", null, 1, 0],
    ]);
  });

  it("does not depend on the order in which models are named", () => {
    const [a, b] = [result("1", { models: [MNER, GROUNDING] }), result("1", { models: [GROUNDING, MNER] })];
    expect(JSON.stringify(manifestOf(FACTS, [a]))).toBe(JSON.stringify(manifestOf(FACTS, [b])));
  });
});
