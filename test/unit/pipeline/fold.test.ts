import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { problemDocument } from "../../../schemas/problem.ts";
import type { StageRecord } from "../../../schemas/recognize.ts";
import type { FoundMention, RunEvent } from "../../../src/pipeline/events.ts";
import { entitiesOf, envelopeOf, foldEvents, noMask, notJudged } from "../../../src/pipeline/fold.ts";
import { BY_MODEL } from "../../support/by-model.ts";

const name = (id: string) => ({ id, text: id.toUpperCase(), type: "PER", coarse_type: null });
const mention = (id: string, start: number, score: number | null): RunEvent => {
  const found: FoundMention = { text: id, start, end: start + 2, tokens: null, score };
  return { event: "mention", entity: name(id), mention: found };
};
const record = (stage: StageRecord["stage"], attempts: number): StageRecord => ({
  stage,
  model: "m",
  version: "1",
  provider: "cog",
  attempts,
  cached: false,
  ms: 1,
  cost_usd: null,
});

describe("entitiesOf", () => {
  test("gives each entity once, in text order, with all its mentions and the best of their scores", () => {
    const mentions = fc.array(
      fc.record({
        id: fc.constantFrom("e1", "e2", "e3"),
        score: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
      }),
    );
    fc.assert(
      fc.property(mentions, (list) => {
        const entities = entitiesOf(foldEvents(list.map(({ id, score }, index) => mention(id, 3 * index, score))));
        expect(entities.map(({ id }) => id)).toEqual([...new Set(list.map(({ id }) => id))]);
        for (const { id, score, mentions: own } of entities) {
          const scores = list.filter((one) => one.id === id).map((one) => one.score);
          const known = scores.flatMap((one) => one ?? []);
          expect(score).toBe(known.length > 0 ? Math.max(...known) : null);
          expect(own.map((one) => one.score)).toEqual(scores);
        }
      }),
    );
  });

  test("does not depend on the order in which entities' own events come", () => {
    const finds: RunEvent[] = ["e1", "e2"].flatMap((id, index): RunEvent[] => [
      { event: "expression", entity_id: id, expression: { text: `the ${id}`, method: "llm" } },
      { event: "visibility", entity_id: id, visibility: notJudged("undecided") },
      {
        event: "region",
        entity_id: id,
        region: {
          ...BY_MODEL,
          id: `r${index + 1}`,
          box: { xmin: 0, ymin: 0, xmax: 1, ymax: 1 },
          score: null,
          method: "m",
        },
      },
      { event: "mask", region_id: `r${index + 1}`, mask: noMask("no_mask") },
    ]);
    const told: RunEvent[] = [mention("e1", 0, 1), mention("e2", 3, 1)];
    const expected = entitiesOf(foldEvents([...told, ...finds]));
    expect(expected.map(({ regions }) => regions.map(({ mask_reason }) => mask_reason))).toEqual([
      ["no_mask"],
      ["no_mask"],
    ]);
    fc.assert(
      fc.property(fc.shuffledSubarray(finds, { minLength: finds.length }), (order) => {
        expect(entitiesOf(foldEvents([...told, ...order]))).toEqual(expected);
      }),
    );
  });

  test("says not_asked when nobody judged an entity or cut out a region", () => {
    const box = { xmin: 0, ymin: 0, xmax: 1, ymax: 1 };
    const found = { ...BY_MODEL, id: "r1", box, score: 0.5, method: "m" };
    const region: RunEvent = { event: "region", entity_id: "e1", region: found };
    expect(entitiesOf(foldEvents([mention("e1", 0, null), region]))).toMatchObject([
      {
        expression: null,
        visible: null,
        visibility: { reason: "not_asked" },
        regions: [{ mask: null, mask_reason: "not_asked" }],
      },
    ]);
  });
});

describe("envelopeOf", () => {
  const problem = (code: "stage_failed" | "mask_refused"): RunEvent => ({
    event: "problem",
    problem: problemDocument(code, code, { stage: "segmentation" }),
  });

  test("is partial when a stage failed, and puts that first", () => {
    const envelope = envelopeOf("req_1", foldEvents([problem("mask_refused"), problem("stage_failed")]));
    expect(envelope).toMatchObject({
      id: "req_1",
      partial: true,
      problems: [{ code: "stage_failed" }, { code: "mask_refused" }],
    });
  });

  test("is not partial when a mask was refused", () => {
    expect(envelopeOf("req_1", foldEvents([problem("mask_refused")])).partial).toBe(false);
  });

  test("has the last record of each model, in the order of the pipeline", () => {
    const events: RunEvent[] = [
      { event: "stage", entry: "b", record: record("grounding", 1) },
      { event: "stage", entry: "a", record: record("mner", 1) },
      { event: "stage", entry: "b", record: record("grounding", 2) },
      { event: "stage", entry: "c", record: record("grounding", 3) },
    ];
    const { stages } = envelopeOf("req_1", foldEvents(events));
    expect(stages.map(({ stage, attempts }) => [stage, attempts])).toEqual([
      ["mner", 1],
      ["grounding", 2],
      ["grounding", 3],
    ]);
  });
});
