import { describe, expect, test } from "vitest";
import { cachedExpressions, keepPhrases, openFlights } from "../../../../src/pipeline/text/expression-cache.ts";
import { StageError, type StageModel } from "../../../../src/stages/model.ts";
import type { ExpansionCache } from "../../../../src/storage/expansion-cache.ts";
import { expansionKey } from "../../../../src/storage/expansion-cache.ts";
import { memoryCaches } from "../../../support/memory-caches.ts";
import { modelOf } from "../../../support/models.ts";
import { deploymentOf, inRun } from "../../../support/run.ts";

const subject = { text: "Felix met Oscar", caption: "A cat.", background: "captioner", picture: "sha" };
const felix = { text: "Felix", type: "PER" };
const phrase = { text: "a cat", method: "llm", model: "m", version: "1" } as const;
const writer = modelOf<"expansion">(() => ({ expressions: [] }), { entry: "writer" });
const finder = (more: Partial<StageModel<"mner">> = {}) =>
  modelOf<"mner">(() => ({ mentions: [], problems: [] }), { entry: "finder", expresses: true, ...more });

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
    const { expansions } = memoryCaches();
    await keep([finder()], expansions);
    expect(await read([finder()], expansions)).toEqual([phrase]);
    expect(await read([finder({ promptVersion: "2" })], expansions)).toEqual([null]);
    expect(await read([finder({ expresses: false })], expansions)).toEqual([null]);
  });

  test("has the picture in a phrase's key only when the model saw it, and never the caption", async () => {
    const keys = async (model: StageModel<"mner">) => {
      const { expansions, writes } = memoryCaches();
      await keep([model], expansions);
      return writes;
    };
    const question = { model: "finder", promptVersion: "1", entity: "Felix", type: "PER", text: subject.text };
    const unseen = { ...question, picture: null, background: null };
    expect(await keys(finder())).toEqual([await expansionKey(unseen)]);
    expect(await keys(finder({ usesPicture: true }))).toEqual([await expansionKey({ ...unseen, picture: "sha" })]);
  });

  test("also answers what the expansion model wrote", async () => {
    const { expansions } = memoryCaches();
    await withRun([finder()], expansions, async (run) => {
      for (const { land } of (await openFlights([felix], subject, true, run)).own) land(phrase);
    });
    expect(await read([finder()], expansions)).toEqual([phrase]);
  });

  test("does not write a phrase again that it has", async () => {
    let now = 0;
    const { expansions, writes } = memoryCaches(() => now);
    await keep([finder()], expansions);
    now = 2_000;
    await keep([finder()], expansions);
    expect(writes).toHaveLength(1);
  });

  test("keeps no phrase of a fallback model, and nothing of a post that may not be stored", async () => {
    const { expansions, writes } = memoryCaches();
    const down = finder({ entry: "down", run: () => Promise.reject(new StageError("failed", "failed")) });
    await withRun([down, finder()], expansions, async (run) => {
      await run.stages.run("mner", { text: "x", labels: "gmner" });
      keepPhrases([[felix, phrase]], subject, run);
    });
    await keep([finder()], expansions, false);
    expect(writes).toEqual([]);
  });

  test("counts as empty when it cannot be read", async () => {
    const down = () => Promise.reject(new Error("KV is down"));
    expect(await read([finder()], { get: down, put: down } as unknown as ExpansionCache)).toEqual([null]);
    await keep([finder()], { get: down, put: down } as unknown as ExpansionCache);
  });

  test("lets a second request wait for what the first asks, and asks again only for what the first did not get", async () => {
    const { expansions, writes } = memoryCaches();
    const oscar = { text: "Oscar", type: "PER" };
    await withRun([], expansions, async (first) => {
      await withRun([], expansions, async (second) => {
        const own = (await openFlights([felix], subject, true, first)).own;
        const flights = await openFlights([felix, oscar], subject, true, second);
        expect(flights.own.map(({ entity }) => entity)).toEqual([oscar]);
        for (const { land } of own) land(phrase);
        expect(await flights.others[0]?.answer).toEqual(phrase);
        for (const { land } of flights.own) land(null);
        expect((await openFlights([oscar], subject, true, second)).own).toHaveLength(1);
      });
    });
    expect(writes).toHaveLength(1);
  });

  test("neither joins nor offers for a post that may not be stored", async () => {
    const { expansions } = memoryCaches();
    await withRun([], expansions, async (open) => {
      await withRun(
        [],
        expansions,
        async (closed) => {
          await openFlights([felix], subject, true, open);
          const { own, others } = await openFlights([felix], subject, true, closed);
          expect([own.length, others.length]).toEqual([1, 0]);
          const other = { text: "Oscar", type: "PER" };
          await openFlights([other], subject, true, closed);
          expect((await openFlights([other], subject, true, open)).own).toHaveLength(1);
        },
        false,
      );
    });
  });
});
