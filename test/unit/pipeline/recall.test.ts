import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { EndedCall } from "../../../src/pipeline/checkpoints.ts";
import { finalFailure, questionOf, recall, recallFailures } from "../../../src/pipeline/recall.ts";
import { joinOutputs } from "../../../src/pipeline/split.ts";
import { StageError, type StageErrorCode } from "../../../src/stages/model.ts";

const IDS = ["e1", "e2", "e3", "e4"];
const ENTRIES = new Set(["cog:a", "cog:b"]);
const question = (ids: readonly string[], text = "post") => ({
  text,
  entities: ids.map((id) => ({ id, text: `name of ${id}`, type: "PER" })),
});
const answers = (ids: readonly string[], call: number) => ({
  ...{ model: "m", version: "1" },
  expressions: ids.map((id) => ({ id, text: `${id} by ${call}`, method: "template" })),
});

/** An earlier call: about some entities, answered or not, sometimes about another text or at another model. */
const call = fc.record({
  ids: fc.subarray(IDS, { minLength: 1 }),
  isAnswered: fc.boolean(),
  text: fc.constantFrom("post", "post", "post", "other"),
  entry: fc.constantFrom("cog:a", "cog:b", "cog:gone"),
});

const endedOf = ({ ids, isAnswered, text, entry }: typeof call extends fc.Arbitrary<infer T> ? T : never, at: number) =>
  ({
    ...{ stage: "expansion", entry, ids, question: questionOf("expansion", question([], text) as never) },
    ...{ output: isAnswered ? answers(ids, at) : null, provider: "cog", started: 0, ended: 0, isWarming: false },
    ...{ cost: 0, spent: 0, failure: null },
  }) as EndedCall;

test("what was answered is not asked again, the rest is, and each entity has the first answer", () => {
  fc.assert(
    fc.property(fc.array(call, { maxLength: 8 }), fc.subarray(IDS, { minLength: 1 }), (calls, ids) => {
      const asked = question(ids) as never;
      const { outputs, remaining } = recall("expansion", asked, ENTRIES, calls.map(endedOf));
      const firstOf = (id: string) =>
        calls.findIndex(
          ({ isAnswered, text, entry, ids: own }) =>
            isAnswered && text === "post" && ENTRIES.has(entry) && own.includes(id),
        );
      const open = ids.filter((id) => firstOf(id) === -1);
      expect(remaining).toEqual(open.length === 0 ? null : question(open));
      const joined = joinOutputs("expansion", outputs)?.expressions ?? [];
      const known = ids.filter((id) => firstOf(id) !== -1).map((id) => [id, `${id} by ${firstOf(id)}`]);
      expect(joined.map(({ id, text }) => [id, text]).toSorted()).toEqual(known.toSorted());
    }),
  );
});

test("a stage without entities has the first answer to the same question, and the order of fields is none", () => {
  const ended = (asked: object, text: string) =>
    ({
      ...{ stage: "caption", entry: "cog:a", ids: [], question: questionOf("caption", asked as never) },
      output: { model: "m", version: "1", caption: text },
    }) as unknown as EndedCall;
  const calls = [ended({ a: 1, b: 2 }, "first"), ended({ b: 2, a: 1 }, "second"), ended({ a: 2 }, "other")];
  const found = recall("caption", { b: 2, a: 1, picture: {} } as never, ENTRIES, calls);
  expect(found).toEqual({ outputs: [{ model: "m", version: "1", caption: "first" }], remaining: null });
  const unknown = { a: 3 } as never;
  expect(recall("caption", unknown, ENTRIES, calls)).toEqual({ outputs: [], remaining: unknown });
});

describe("failures of earlier processes", () => {
  /** An earlier call that ended with an error, as a run keeps it. */
  const failedAt = (ids: readonly string[], error: StageError, { entry = "cog:a", text = "post" } = {}) =>
    ({
      ...{ stage: "expansion", entry, ids, question: questionOf("expansion", question([], text) as never) },
      ...{ output: null, failure: finalFailure(error) },
    }) as unknown as EndedCall;
  const recalled = (ids: readonly string[], calls: readonly EndedCall[]) => {
    const { failed, remaining } = recallFailures("expansion", question(ids) as never, "cog:a", calls);
    return { failed: failed.map(({ part, error }) => [part, error.code, error.detail]), remaining };
  };
  const refused = new StageError("refused", "declined to answer");
  const unreadable = new StageError("invalid_output", "returned no JSON");

  test("are replayed for their entities, the first for each, and the rest is asked", () => {
    const calls = [failedAt(["e1", "e4"], refused), failedAt(["e1", "e2"], unreadable)];
    expect(recalled(["e1", "e2", "e3"], calls)).toEqual({
      failed: [
        [question(["e1"]), "refused", "declined to answer"],
        [question(["e2"]), "invalid_output", "returned no JSON"],
      ],
      remaining: question(["e3"]),
    });
    expect(recalled(["e1", "e2"], calls).remaining).toBeNull();
  });

  test("of another model, another stage, another text or other entities are not replayed", () => {
    const calls = [
      failedAt(["e1"], refused, { entry: "cog:b" }),
      failedAt(["e1"], refused, { text: "other" }),
      { ...failedAt(["e1"], refused), stage: "entailment" } as EndedCall,
      failedAt(["e2"], refused),
      failedAt([], refused),
    ];
    expect(recalled(["e1"], calls)).toEqual({ failed: [], remaining: question(["e1"]) });
  });

  test("of a stage without a list are replayed for the same question, the first one alone", () => {
    const ended = (asked: object, error: StageError) =>
      ({
        ...{ stage: "caption", entry: "cog:a", ids: [], question: questionOf("caption", asked as never) },
        ...{ output: null, failure: finalFailure(error) },
      }) as unknown as EndedCall;
    const calls = [ended({ a: 1 }, refused), ended({ a: 1 }, unreadable)];
    const asked = { a: 1, picture: {} } as never;
    const { failed, remaining } = recallFailures("caption", asked, "cog:a", calls);
    expect(failed.map(({ part, error }) => [part, error.code])).toEqual([[asked, "refused"]]);
    expect(remaining).toBeNull();
    const unknown = { a: 2 } as never;
    expect(recallFailures("caption", unknown, "cog:a", calls)).toEqual({ failed: [], remaining: unknown });
  });

  test.each<[string, StageError]>([
    ["may be repeated", new StageError("rate_limited", "is busy")],
    ["differs in its next attempt", new StageError("refused", "wants less", { changes: {} })],
    ["was canceled", new StageError("canceled", "was canceled", { retryable: false })],
    ["took too long", new StageError("timeout", "took too long", { retryable: false })],
  ])("are not final, and not replayed, when the call %s", (_, error) => {
    expect(finalFailure(error)).toBeNull();
    expect(recalled(["e1"], [failedAt(["e1"], error)])).toEqual({ failed: [], remaining: question(["e1"]) });
  });

  test.each<StageErrorCode>(["refused", "invalid_output"])("are final with the code %s and its detail", (code) => {
    expect(finalFailure(new StageError(code, "said so", { retryable: false }))).toEqual({ code, detail: "said so" });
  });
});
