import { describe, expect, test } from "vitest";
import {
  cachedExpressions,
  expansionQuestion,
  keepExpression,
  keepPhrases,
} from "../../../../src/pipeline/text/expression-cache.ts";
import { StageError, type StageModel } from "../../../../src/stages/model.ts";
import type { CachedExpansion, ExpansionCache, ExpansionQuestion } from "../../../../src/storage/expansion-cache.ts";
import { modelOf } from "../../../support/models.ts";
import { deploymentOf, inRun } from "../../../support/run.ts";

const subject = { text: "Felix met Oscar", caption: "A cat.", background: "captioner", picture: "sha" };
const felix = { text: "Felix", type: "PER" };
const phrase = { text: "a cat", method: "llm", model: "m", version: "1" } as const;
const writer = modelOf<"expansion">(() => ({ expressions: [] }), { entry: "writer" });
const finder = (more: Partial<StageModel<"mner">> = {}) =>
  modelOf<"mner">(() => ({ mentions: [], problems: [] }), { entry: "finder", expresses: true, ...more });

/** A cache in memory, whose keys are the questions as JSON. */
function memory() {
  const entries = new Map<string, CachedExpansion>();
  const cache = {
    get: async (questions: readonly ExpansionQuestion[]) =>
      questions.map((question) => entries.get(JSON.stringify(question)) ?? null),
    put: async (question: ExpansionQuestion, expansion: CachedExpansion) =>
      void entries.set(JSON.stringify(question), expansion),
  };
  return { entries, expansions: cache as unknown as ExpansionCache };
}

async function withRun<T>(
  mner: readonly StageModel<"mner">[],
  expansions: ExpansionCache,
  work: (run: Parameters<Parameters<typeof inRun>[1]>[0]) => Promise<T>,
  store = true,
) {
  const behind: Promise<unknown>[] = [];
  const deployment = deploymentOf({ mner, expansion: [writer] }, { expansions });
  const answer = await inRun(deployment, work, { store, waitUntil: (one) => behind.push(one) });
  await Promise.all(behind);
  return answer;
}

const read = (mner: readonly StageModel<"mner">[], expansions: ExpansionCache, store = true) =>
  withRun(mner, expansions, (run) => cachedExpressions([felix], subject, run), store);
const keep = (mner: readonly StageModel<"mner">[], expansions: ExpansionCache, store = true) =>
  withRun(mner, expansions, async (run) => keepPhrases([[felix, phrase]], subject, run), store);

describe("the cache of expressions", () => {
  test("answers a later question for the same name with the phrase that mner gave", async () => {
    const { expansions } = memory();
    await keep([finder()], expansions);
    expect(await read([finder()], expansions)).toEqual([phrase]);
    expect(await read([finder({ promptVersion: "2" })], expansions)).toEqual([null]);
    expect(await read([finder({ expresses: false })], expansions)).toEqual([null]);
  });

  test("has the picture in a phrase's key only when the model saw it, and never the caption", async () => {
    const keys = async (model: StageModel<"mner">) => {
      const { expansions, entries } = memory();
      await keep([model], expansions);
      return [...entries.keys()].map((key) => JSON.parse(key) as ExpansionQuestion);
    };
    expect(await keys(finder())).toEqual([
      {
        model: "finder",
        promptVersion: "1",
        entity: "Felix",
        type: "PER",
        text: subject.text,
        picture: null,
        background: null,
      },
    ]);
    expect(await keys(finder({ usesPicture: true }))).toMatchObject([{ picture: "sha", background: null }]);
  });

  test("also answers what the expansion model wrote", async () => {
    const { expansions } = memory();
    await withRun([finder()], expansions, async (run) =>
      keepExpression(expansionQuestion(felix, subject, run), phrase, run),
    );
    expect(await read([finder()], expansions)).toEqual([phrase]);
  });

  test("does not write a phrase again that it has", async () => {
    const { expansions, entries } = memory();
    await keep([finder()], expansions);
    const [key = ""] = entries.keys();
    entries.set(key, { ...phrase, text: "the first" });
    await keep([finder()], expansions);
    expect(await read([finder()], expansions)).toMatchObject([{ text: "the first" }]);
  });

  test("keeps no phrase of a fallback model, and nothing of a post that may not be stored", async () => {
    const { expansions, entries } = memory();
    const down = finder({ entry: "down", run: () => Promise.reject(new StageError("failed", "failed")) });
    await withRun([down, finder()], expansions, async (run) => {
      await run.stages.run("mner", { text: "x", labels: "gmner" });
      keepPhrases([[felix, phrase]], subject, run);
    });
    await keep([finder()], expansions, false);
    expect(entries.size).toBe(0);
  });

  test("counts as empty when it cannot be read", async () => {
    const down = () => Promise.reject(new Error("KV is down"));
    expect(await read([finder()], { get: down, put: down } as unknown as ExpansionCache)).toEqual([null]);
    await keep([finder()], { get: down, put: down } as unknown as ExpansionCache);
  });
});
