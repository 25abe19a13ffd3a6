import fc from "fast-check";
import { expect, test } from "vitest";
import type { EndedCall } from "../../../src/pipeline/checkpoints.ts";
import { questionOf, recall } from "../../../src/pipeline/recall.ts";
import { joinOutputs } from "../../../src/pipeline/split.ts";

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
