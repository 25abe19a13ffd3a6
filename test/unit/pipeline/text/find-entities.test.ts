import { describe, expect, test } from "vitest";
import type { MnerOutput } from "../../../../schemas/stages/mner.ts";
import type { Deployment } from "../../../../src/pipeline/deployment.ts";
import { foldEvents } from "../../../../src/pipeline/fold.ts";
import { type EntityQuery, findEntities } from "../../../../src/pipeline/text/find-entities.ts";
import { positionsOf } from "../../../../src/pipeline/text/positions.ts";
import { StageError, type StageModel } from "../../../../src/stages/model.ts";
import { mention } from "../../../support/mention.ts";
import { modelOf } from "../../../support/models.ts";
import { deploymentOf, inRun } from "../../../support/run.ts";

const TEXT = "Felix met Oscar and Felix";
type Answer = Partial<Pick<MnerOutput, "mentions" | "problems" | "doubts">>;

const tagger = (answer: Answer, overrides: Partial<StageModel<"mner">> = {}) =>
  modelOf<"mner">(() => ({ mentions: [], problems: [], ...answer }), overrides);

/** What is found in TEXT, and whether the picture was asked for. */
function find(
  models: readonly StageModel<"mner">[],
  overrides: Partial<EntityQuery> = {},
  deployment: Partial<Deployment> = {},
) {
  const query: EntityQuery = {
    text: TEXT,
    tokens: null,
    labels: "gmner",
    mentionThreshold: 0,
    mentions: null,
    maxEntities: 25,
    positions: positionsOf(TEXT, null, "utf-16"),
    ...overrides,
  };
  let pictures = 0;
  return inRun(deploymentOf({ mner: models }, deployment), async (run) => {
    const entities = await findEntities(query, run, async () => {
      pictures++;
      return null;
    });
    return { entities, pictures, ...foldEvents(run.events) };
  });
}

const all = [mention("Felix", 0), mention("Oscar", 10), mention("Felix", 20)];

describe("findEntities", () => {
  test("emits each mention in text order, with the entity that it belongs to", async () => {
    const { mentions } = await find([tagger({ mentions: all })]);
    expect(mentions.map((found) => [found.entity.id, found.mention.start])).toEqual([
      ["e1", 0],
      ["e2", 10],
      ["e1", 20],
    ]);
  });

  test("returns the first entities in text order, and says so, when there are more than asked for", async () => {
    const { entities, mentions, problems } = await find([tagger({ mentions: all })], { maxEntities: 1 });
    expect(entities.map(({ text }) => text)).toEqual(["Felix"]);
    expect(mentions.map((found) => found.mention.start)).toEqual([0, 20]);
    expect(problems).toMatchObject([
      { code: "entities_truncated", errors: [{ pointer: "/max_entities", limit: 1, value: 2 }] },
    ]);
  });

  test("drops mentions below the threshold and of types that were not asked for, and keeps one without a score", async () => {
    const mentions = [
      mention("Felix", 0, "PER", 0.2),
      mention("Oscar", 10, "PER", null),
      mention("met", 6, "DATE", 0.9),
    ];
    const { entities } = await find([tagger({ mentions })], { mentionThreshold: 0.5 });
    expect(entities.map(({ text }) => text)).toEqual(["Oscar"]);
  });

  test("gives an entity the first expression of its mentions, with the model that wrote it", async () => {
    const expression = { text: "a cat", method: "llm" } as const;
    const mentions = [mention("Felix", 0), mention("Oscar", 10), { ...mention("Felix", 20), expression }];
    const { entities } = await find([tagger({ mentions })]);
    expect(entities.map((entity) => entity.expression)).toEqual([
      { ...expression, model: "model", version: "1" },
      undefined,
    ]);
  });

  test("gives no expression to names that a model took for one", async () => {
    const text = "Felix\nOscar";
    const expression = { text: "two cats", method: "llm" } as const;
    const mentions = [{ text, start: 0, end: text.length, type: "PER", score: null, expression }];
    const query = { text, positions: positionsOf(text, null, "utf-16") };
    const { entities } = await find([tagger({ mentions })], query);
    expect(entities.map((entity) => [entity.text, entity.expression])).toEqual([
      ["Felix", undefined],
      ["Oscar", undefined],
    ]);
  });

  test("takes the caller's own mentions as they are, and asks no model", async () => {
    const { entities, stages } = await find([], { mentions: [mention("Oscar", 10)] });
    expect([entities.map(({ text }) => text), stages]).toEqual([["Oscar"], []]);
  });

  test("asks for the picture when a model looks at it, and not otherwise", async () => {
    expect((await find([tagger({})])).pictures).toBe(0);
    expect((await find([tagger({}, { usesPicture: true })])).pictures).toBe(1);
  });

  test("says in its own words that a model does not know the script, and ignores all else that a model reports", async () => {
    const problems = [
      { code: "script_not_covered", detail: "The post says: a secret." },
      { code: "script_not_covered", detail: "The post says: a secret." },
      { code: "stage_failed", detail: "The post says: a secret." },
      { code: "nonsense", detail: "?" },
    ];
    const reported = (await find([tagger({ problems })])).problems;
    expect(reported).toEqual([
      expect.objectContaining({
        code: "script_not_covered",
        stage: "mner",
        detail: "The model does not know the text's script: names may be missed.",
      }),
    ]);
    const [cyrillic] = (await find([tagger({ problems })], { text: "Айлин Коллинз" })).problems;
    expect(cyrillic?.detail).toContain(
      "12 of the text's 12 letters are not Latin, most of them in the Cyrillic script",
    );
  });

  test("skips a model that does not know the labels and says so, and throws when none does", async () => {
    const narrow = tagger({}, { entry: "narrow", covers: (labels) => labels === "gmner" });
    const { problems } = await find([narrow, tagger({ mentions: all })], { labels: ["CAT"] });
    expect(problems).toMatchObject([
      { code: "labels_not_covered", detail: "narrow was skipped: it cannot give a list of 1 names." },
    ]);
    await expect(find([narrow], { labels: "fine" })).rejects.toMatchObject({ code: "labels_not_covered" });
  });

  test("throws stage_failed when no model is configured", async () => {
    await expect(find([])).rejects.toMatchObject({ code: "stage_failed", fields: { stage: "mner" } });
  });
});

describe("findEntities with a cascade", () => {
  const cascade = { mnerCascade: 0.9 };
  const first = (answer: Answer) => tagger(answer, { entry: "small" });
  const second = (answer: Answer) => {
    const asked = { times: 0 };
    const run = () => {
      asked.times++;
      return { mentions: [], problems: [], ...answer };
    };
    return { asked, model: modelOf<"mner">(run, { entry: "large" }) };
  };

  test("asks the second model about nothing when the first is sure", async () => {
    const large = second({});
    const mentions = [mention("Felix", 0, "PER", 0.95), mention("Oscar", 10, "PER", 0.9)];
    const doubts = [{ start: 6, end: 9, score: 0.97 }];
    const { entities, stages } = await find([first({ mentions, doubts }), large.model], {}, cascade);
    expect(entities.map(({ text }) => text)).toEqual(["Felix", "Oscar"]);
    expect([large.asked.times, stages.length]).toEqual([0, 1]);
  });

  test("takes the second model's answer for a doubtful name and a doubtful place, and records both models", async () => {
    const large = second({ mentions: [mention("Felix", 0, "ORG", null), mention("Oscar", 10, "PER", null)] });
    const small = first({ mentions: [mention("Felix", 0, "PER", 0.4)], doubts: [{ start: 10, end: 15, score: 0.6 }] });
    const { entities, stages, problems } = await find([small, large.model], { mentionThreshold: 0.5 }, cascade);
    expect(entities.map(({ text, type }) => `${text} ${type}`)).toEqual(["Felix ORG", "Oscar PER"]);
    expect(stages).toMatchObject([{ attempts: 1 }, { attempts: 1 }]);
    expect(problems).toEqual([]);
  });

  test("keeps the first model's answer, and says so, when the second fails", async () => {
    const down = modelOf<"mner">(() => Promise.reject(new StageError("failed", "failed")), { entry: "large" });
    const small = first({ mentions: [mention("Felix", 0, "PER", 0.4)] });
    const { entities, problems } = await find([small, down], {}, cascade);
    expect(entities.map(({ text }) => text)).toEqual(["Felix"]);
    expect(problems).toMatchObject([{ code: "stage_failed", stage: "mner" }]);
  });

  test("is not asked a second time when it already answered for the first, or when no cascade is configured", async () => {
    const doubtful = { mentions: [mention("Felix", 0, "PER", 0.4)] };
    const down = modelOf<"mner">(() => Promise.reject(new StageError("failed", "failed")), { entry: "small" });
    const large = second(doubtful);
    await find([down, large.model], {}, cascade);
    expect(large.asked.times).toBe(1);
    await find([first(doubtful), large.model]);
    expect(large.asked.times).toBe(1);
  });
});
