import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { RecognizeAnswer } from "../../../schemas/recognize.ts";
import { answerText } from "../../../src/bots/answer-text.ts";
import { sentencesOf } from "../../../src/bots/sentences.ts";

const EN = sentencesOf("en");
type Answer = Pick<RecognizeAnswer, "entities" | "partial">;

const answer = (
  names: ReadonlyArray<readonly [text: string, type: string, visible: boolean | null]>,
  partial = false,
) => ({ partial, entities: names.map(([text, type, visible]) => ({ text, type, visible })) }) as unknown as Answer;

test("has a line for each name, which says its type and whether the picture shows it", () => {
  const given = answer([
    ["Zoë 😀", "PER", true],
    ["NASA", "ORG", false],
    ["Mars", "planet", null],
  ]);
  expect(answerText([given], EN, 1_024)).toEqual({
    text: "Zoë 😀 (person): in the picture\nNASA (organisation): not in the picture\nMars (planet): cannot tell",
    names: [
      { start: 0, end: 6 },
      { start: 32, end: 36 },
      { start: 72, end: 76 },
    ],
  });
});

test("says that there is no name, that a model is missing, and which picture is meant", () => {
  expect(answerText([answer([])], EN, 300).text).toBe(EN.noNames);
  const two = [answer([["Felix", "PER", true]], true), answer([])];
  expect(answerText(two, EN, 300, [EN.notDrawn]).text).toBe(
    `Picture 1\nFelix (person): in the picture\nPicture 2\n${EN.noNames}\n${EN.notDrawn}\n${EN.partial}`,
  );
});

describe("a text that is too long", () => {
  test("ends with the number of names that are left out", () => {
    const many = answer(Array.from({ length: 100 }, (_, index) => [`Name ${index}`, "PER", true] as const));
    const { text } = answerText([many], EN, 1_024);
    expect(text.split("\n").at(-1)).toBe("… and 70 more");
    expect(text.split("\n")).toHaveLength(31);
  });

  test("never has more UTF-16 code units than it may, and its names are those of the entities", () => {
    const names = fc.array(fc.string({ unit: "grapheme", minLength: 1, maxLength: 80 }), { maxLength: 40 });
    fc.assert(
      fc.property(names, fc.boolean(), fc.integer({ min: 300, max: 1_024 }), (texts, partial, limit) => {
        const given = answer(
          texts.map((text) => [text, "PER", null] as const),
          partial,
        );
        const said = answerText([given], EN, limit);
        expect(said.text.length).toBeLessThanOrEqual(limit);
        for (const [index, { start, end }] of said.names.entries()) {
          expect(said.text.slice(start, end)).toBe(texts[index]);
        }
      }),
    );
  });
});
