import { describe, expect, test } from "vitest";
import { foldEvents } from "../../../../src/pipeline/fold.ts";
import { findEntities } from "../../../../src/pipeline/text/find-entities.ts";
import { gatherKnowledge } from "../../../../src/pipeline/text/gather-knowledge.ts";
import { OWN_EXAMPLES } from "../../../../src/pipeline/text/knowledge-examples.ts";
import { positionsOf } from "../../../../src/pipeline/text/positions.ts";
import { StageError, type StageModel } from "../../../../src/stages/model.ts";
import type { ExamplePool, Pool } from "../../../../src/storage/example-pool.ts";
import { modelOf } from "../../../support/models.ts";
import { deploymentOf, inRun } from "../../../support/run.ts";

const TEXT = "Felix &amp; Oscar";
const example = (text: string, ...vector: number[]) => ({
  example: { text, answer: "x" },
  vector: Float32Array.from(vector),
});
const POOL: Pool = {
  model: "model",
  examples: [
    example("opposite", -1, 0),
    example("nearest", 2, 0.1),
    ...["a", "b", "c"].map((name, index) => example(name, 1, 1 + index)),
    example("across", 0, 1),
    example("near", 1, 0.2),
  ],
};
const embedder = (vector: number[] = [1, 0], asked: string[][] = []) =>
  modelOf<"embedding">(({ texts }) => {
    asked.push([...texts]);
    return { vectors: [vector] };
  });
const down = { run: () => Promise.reject(new StageError("failed", "failed")) };

async function gather(
  embedding: readonly StageModel<"embedding">[],
  load: () => Promise<Pool | null>,
  more: Partial<StageModel<"knowledge">> = {},
  caption: string | null = "Two cats.",
) {
  const asked: unknown[] = [];
  const writer = modelOf<"knowledge">((input) => {
    asked.push(input);
    return { knowledge: "**Felix** is a cat. See https://evil.example now." };
  }, more);
  const log: object[] = [];
  const deployment = deploymentOf(
    { embedding, knowledge: [writer] },
    { examplePool: { load } as unknown as ExamplePool, log: (line) => log.push(line) },
  );
  return inRun(deployment, async (run) => {
    const knowledge = await gatherKnowledge(TEXT, async () => caption, run);
    const [input] = asked as Array<{ text: string; caption?: string; examples: Array<{ text: string }> }>;
    return { knowledge, input, log, texts: input?.examples.map(({ text }) => text), ...foldEvents(run.events) };
  });
}

describe("gatherKnowledge", () => {
  test("shows the model the five most similar examples, the text as people read it, and the caption", async () => {
    const asked: string[][] = [];
    const { knowledge, input, texts, stages } = await gather([embedder([1, 0], asked)], async () => POOL);
    expect(knowledge).toBe("Felix is a cat.");
    expect(asked).toEqual([["Felix & Oscar"]]);
    expect(texts).toEqual(["nearest", "near", "a", "b", "c"]);
    expect(input).toMatchObject({ text: "Felix & Oscar", caption: "Two cats." });
    expect(stages).toMatchObject([
      { stage: "embedding", attempts: 1 },
      { stage: "knowledge", attempts: 1 },
    ]);
  });

  const own = OWN_EXAMPLES.map(({ text }) => text);
  test("shows our own examples without an embedding model, without a pool, and when one of them is down", async () => {
    const fails = () => Promise.reject(new Error("R2 is down"));
    expect((await gather([], async () => POOL)).texts).toEqual(own);
    expect((await gather([embedder()], async () => null)).texts).toEqual(own);
    expect(await gather([embedder()], fails)).toMatchObject({
      texts: own,
      log: [{ event: "example_pool_cache_unreadable" }],
    });
    expect(await gather([{ ...embedder(), ...down }], async () => POOL)).toMatchObject({
      texts: own,
      problems: [{ code: "stage_failed", stage: "embedding" }],
    });
  });

  test("refuses the vectors of another model, or of another length", async () => {
    const refused = [{ event: "example_pool_refused" }];
    expect(await gather([embedder()], async () => ({ ...POOL, model: "other" }))).toMatchObject({
      texts: own,
      log: refused,
    });
    expect(await gather([embedder([1, 0, 0])], async () => POOL)).toMatchObject({ texts: own, log: refused });
  });

  test("has none, and says so, when the model fails; it leaves out a caption that there is not", async () => {
    const failed = await gather([], async () => null, down);
    expect(failed).toMatchObject({ knowledge: null, problems: [{ code: "stage_failed", stage: "knowledge" }] });
    expect((await gather([], async () => null, {}, null)).input).not.toHaveProperty("caption");
  });

  test("asks nobody when no model is configured, and mner reads what was gathered", async () => {
    const none = await inRun(deploymentOf({}), (run) =>
      gatherKnowledge(TEXT, () => Promise.reject(new Error("was asked")), run),
    );
    expect(none).toBeNull();
    const asked: unknown[] = [];
    const finder = modelOf<"mner">(({ knowledge }) => {
      asked.push(knowledge);
      return { mentions: [], problems: [] };
    });
    const positions = positionsOf(TEXT, null, "utf-16");
    const query = {
      text: TEXT,
      tokens: null,
      labels: "gmner",
      mentionThreshold: 0,
      mentions: null,
      maxEntities: 9,
      positions,
    } as const;
    await inRun(deploymentOf({ mner: [finder] }), async (run) => {
      await findEntities(
        query,
        run,
        async () => null,
        async () => "Felix is a cat.",
      );
      await findEntities(query, run, async () => null);
      await findEntities(
        { ...query, mentions: [] },
        run,
        async () => null,
        () => Promise.reject(new Error("was asked")),
      );
    });
    expect(asked).toEqual(["Felix is a cat.", undefined]);
  });
});
