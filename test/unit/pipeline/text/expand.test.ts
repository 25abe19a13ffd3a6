import { describe, expect, test } from "vitest";
import { LIMITS } from "../../../../schemas/limits.ts";
import { foldEvents } from "../../../../src/pipeline/fold.ts";
import { expand } from "../../../../src/pipeline/text/expand.ts";
import { StageError, type StageModel } from "../../../../src/stages/model.ts";
import {
  type CachedExpansion,
  type ExpansionCache,
  type ExpansionQuestion,
  expansionKey,
} from "../../../../src/storage/expansion-cache.ts";
import { SingleFlight } from "../../../../src/storage/single-flight.ts";
import { modelOf } from "../../../support/models.ts";
import { deploymentOf, inRun } from "../../../support/run.ts";

const entities = ["Felix", "Oscar"].map((text, index) => ({ id: `e${index + 1}`, text, type: "PER" }));
const subject = { text: "Felix met Oscar", caption: null, background: null, picture: null };

/** Says when one run joins another's question. */
class WatchedFlight extends SingleFlight<CachedExpansion> {
  readonly joined = Promise.withResolvers<void>();

  override join(...call: Parameters<SingleFlight<CachedExpansion>["join"]>) {
    const answer = super.join(...call);
    if (answer) this.joined.resolve();
    return answer;
  }
}

/** A cache in memory. */
function cacheOf(known: Readonly<Record<string, CachedExpansion>> = {}) {
  const written: ExpansionQuestion[] = [];
  const asked = new Map<string, ExpansionQuestion>();
  const flights = new WatchedFlight(() => 0);
  const cache = {
    get: async (questions: readonly ExpansionQuestion[]) => {
      for (const question of questions) asked.set(await expansionKey(question), question);
      return questions.map(({ entity }) => known[entity] ?? null);
    },
    put: async (key: string) => {
      const question = asked.get(key);
      if (question) written.push(question);
    },
    flights,
  };
  return { written, joined: flights.joined.promise, cache: cache as unknown as ExpansionCache };
}

const writer = (entry: string, asked: string[][] = []): StageModel<"expansion"> =>
  modelOf<"expansion">(
    ({ entities: some }) => {
      asked.push(some.map(({ text }) => text));
      return { expressions: some.map(({ id, text }) => ({ id, text: ` the ${text} `, method: "llm" })) };
    },
    { entry },
  );

function run(
  models: readonly StageModel<"expansion">[],
  expansions: ExpansionCache,
  store = true,
  asked: Parameters<typeof expand>[0] = entities,
) {
  const behind: Promise<unknown>[] = [];
  const deployment = deploymentOf({ expansion: models }, { expansions });
  return inRun(
    deployment,
    async (one) => {
      const expressions = await expand(asked, subject, one);
      await Promise.all(behind.slice(1));
      return { texts: [...expressions.values()].map(({ text }) => text), ...foldEvents(one.events) };
    },
    { store, waitUntil: (work) => behind.push(work) },
  );
}

const cached = { text: "a cat", method: "llm", model: "m", version: "1" } as const;

describe("expand", () => {
  test("asks once for all that the cache lacks, and caches what was written", async () => {
    const asked: string[][] = [];
    const { cache, written } = cacheOf({ Felix: cached });
    const { texts, expressions } = await run([writer("a", asked)], cache);
    expect(texts).toEqual(["a cat", "the Oscar"]);
    expect([...expressions.keys()]).toEqual(["e1", "e2"]);
    expect(asked).toEqual([["Oscar"]]);
    expect(written).toMatchObject([{ model: "a", promptVersion: "1", entity: "Oscar", text: subject.text }]);
  });

  test("asks nobody, and says cached, when the cache has everything", async () => {
    const { stages } = await run([writer("a")], cacheOf({ Felix: cached, Oscar: cached }).cache);
    expect(stages).toMatchObject([{ stage: "expansion", model: "m", cached: true, attempts: 0 }]);
  });

  test("settles what the cache has before the model answers, then each part, then what has no expression", async () => {
    const parts: string[][] = [];
    const { cache } = cacheOf({ Felix: cached });
    const more = [...entities, { id: "e3", text: "Max", type: "PER" }, { id: "e4", text: "Ana", type: "PER" }];
    const model = modelOf<"expansion">(
      ({ entities: [one] }) => ({
        expressions: one?.text === "Ana" ? [] : [{ id: one?.id, text: `the ${one?.text}`, method: "llm" }],
      }),
      { batch: 1 },
    );
    await inRun(
      deploymentOf({ expansion: [model] }, { expansions: cache }),
      (one) => expand(more, subject, one, (settled) => parts.push(settled.map(({ text }) => text))),
      { store: true },
    );
    expect(parts.filter(({ length }) => length > 0)).toEqual([["Felix"], ["Oscar"], ["Max"], ["Ana"]]);
  });

  test("waits for what another run asks, and asks itself for what that one did not get", async () => {
    const { cache, joined } = cacheOf();
    const leading = Promise.withResolvers<void>();
    const slow = modelOf<"expansion">(() => {
      leading.resolve();
      return joined.then(() => ({ expressions: [{ id: "e1", text: "a cat", method: "llm" }] }));
    });
    const asked: string[][] = [];
    const first = run([slow], cache);
    await leading.promise;
    const second = run([{ ...writer("test:model", asked) }], cache);
    expect((await first).texts).toEqual(["a cat"]);
    expect((await second).texts).toEqual(["a cat", "the Oscar"]);
    expect(asked).toEqual([["Oscar"]]);
  });

  test("asks itself when the run that it waited for fell back or failed", async () => {
    for (const models of [["down", "b"], ["down"]]) {
      const { cache, written, joined } = cacheOf();
      const leading = Promise.withResolvers<void>();
      const down = modelOf<"expansion">(
        () => {
          leading.resolve();
          return joined.then(() => Promise.reject(new StageError("failed", "failed")));
        },
        { entry: "down" },
      );
      const first = run(
        models.map((entry) => (entry === "down" ? down : writer(entry))),
        cache,
      );
      await leading.promise;
      const second = run([writer("down")], cache);
      expect((await first).texts).toEqual(models.length > 1 ? ["the Felix", "the Oscar"] : []);
      expect((await second).texts).toEqual(["the Felix", "the Oscar"]);
      expect(written.map(({ entity }) => entity)).toEqual(["Felix", "Oscar"]);
    }
  });

  test("neither reads nor writes the cache when nothing may be stored", async () => {
    const { cache, written } = cacheOf({ Felix: cached });
    expect((await run([writer("a")], cache, false)).texts).toEqual(["the Felix", "the Oscar"]);
    expect(written).toEqual([]);
  });

  test("does not cache what a fallback wrote", async () => {
    const down = modelOf<"expansion">(() => Promise.reject(new StageError("failed", "failed")), { entry: "down" });
    const { cache, written } = cacheOf();
    expect((await run([down, writer("b")], cache)).texts).toEqual(["the Felix", "the Oscar"]);
    expect(written).toEqual([]);
  });

  test.each([
    "x".repeat(LIMITS.expressionLength + 1),
    "  ",
    "https://evil.example",
    "<b>a cat</b>",
    "evil。example",
    "//evil.com",
  ])("leaves out what is no plain phrase, and what is a stranger's: %#", async (text) => {
    for (const method of ["llm", "template"] as const) {
      const model = modelOf<"expansion">(() => ({
        expressions: [
          { id: "e1", text, method },
          { id: "e2", text: "**@everyone**", method },
          { id: "e9", text: "a stranger", method },
        ],
      }));
      const { cache, written } = cacheOf();
      expect((await run([model], cache)).texts).toEqual(["everyone"]);
      expect(written.map(({ entity }) => entity)).toEqual(["Oscar"]);
    }
  });

  test("asks only for entities that mner gave no plain phrase, and no model when each has one", async () => {
    const known = (text: string) => ({ expression: { text, method: "llm", model: "m", version: "1" } as const });
    const [felix, oscar] = entities as [(typeof entities)[number], (typeof entities)[number]];
    const asked: string[][] = [];
    const { cache, written } = cacheOf();
    const all = [
      { ...felix, ...known("a cat") },
      { ...oscar, ...known("see https://evil.example") },
    ];
    const some = await run([writer("a", asked)], cache, true, all);
    expect(Object.fromEntries(some.expressions)).toEqual({
      e1: { text: "a cat", method: "llm" },
      e2: { text: "the Oscar", method: "llm" },
    });
    expect(asked).toEqual([["Oscar"]]);
    expect(written.map(({ entity }) => entity)).toEqual(["Oscar"]);
    const none = await run([writer("a", asked)], cache, true, [{ ...felix, ...known("a cat") }]);
    expect([none.texts, none.stages, asked.length]).toEqual([["a cat"], [], 1]);
  });

  test("takes a cached expression only as a plain phrase", async () => {
    const { cache } = cacheOf({
      Felix: { ...cached, text: "see https://evil.example" },
      Oscar: { ...cached, text: "*a* cat" },
    });
    expect((await run([writer("a")], cache)).texts).toEqual(["a cat", "the Felix"]);
  });
});
