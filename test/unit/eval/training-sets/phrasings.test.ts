import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Expansion } from "../../../../eval/readers/expansions.ts";
import type { TrainingEntity } from "../../../../eval/training-sets/entities.ts";
import { phrase } from "../../../../eval/training-sets/phrasings.ts";

const named = (name: string, type = "PER", postId = "7"): TrainingEntity => ({
  postId,
  index: 0,
  name,
  type,
  boxes: [],
});
const says = (name: string, text: string, fields: Partial<Expansion> = {}): Expansion => {
  return { id: "7", name, type: "PER", text, method: "llm", ...fields };
};
const textsOf = (entity: TrainingEntity, ...files: Expansion[][]) =>
  phrase([entity], files)[0]?.phrasings.map(({ text }) => text);

describe("phrase", () => {
  it("takes each distinct text once, in the order of the files, with the method of the first", () => {
    const first = [says("Ted", "a man"), says("Ted", "a senator", { method: "template" })];
    const second = [says("Ted", "a senator"), says("Ted", "A man")];
    expect(phrase([named("Ted")], [first, second])[0]?.phrasings).toEqual([
      { text: "a man", method: "llm" },
      { text: "a senator", method: "template" },
      { text: "A man", method: "llm" },
    ]);
  });

  it("takes none of another post, type or name", () => {
    const others = [says("Ted", "a", { id: "8" }), says("Ted", "b", { type: "ORG" }), says("Tedd", "c")];
    expect(textsOf(named("Ted"), others)).toEqual([]);
  });

  it("finds a name that the API spells otherwise", () => {
    expect(textsOf(named("@ TedCruz"), [says("Ted Cruz", "a senator")])).toEqual(["a senator"]);
  });

  it("takes the own spelling alone in a file that has it, and any in a file that has not", () => {
    const riveg = [says("instagram", "small"), says("Instagram", "capital")];
    const answers = [says("instagram", "of the API")];
    expect(textsOf(named("Instagram"), riveg, answers)).toEqual(["capital", "of the API"]);
    expect(textsOf(named("instagram"), riveg, answers)).toEqual(["small", "of the API"]);
  });

  it("gives every entity as many phrasings as its texts are distinct", () => {
    const text = fc.constantFrom("a", "b", "c", "d");
    fc.assert(
      fc.property(fc.array(fc.array(text, { maxLength: 4 }), { maxLength: 4 }), (files) => {
        const expansions = files.map((texts) => texts.map((one) => says("Ted", one)));
        const expected = [...new Set(files.flat())];
        expect(textsOf(named("Ted"), ...expansions)).toEqual(expected);
      }),
    );
  });
});
