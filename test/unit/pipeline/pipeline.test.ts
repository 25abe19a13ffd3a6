import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Box, OffsetEncoding } from "../../../schemas/primitives.ts";
import { encodeRle } from "../../../schemas/rle.ts";
import type { Mention } from "../../../schemas/stages/mner.ts";
import { createLimiter } from "../../../src/net/connections.ts";
import { createProviderFetch } from "../../../src/net/provider-fetch.ts";
import { checkMask } from "../../../src/pipeline/picture/check-mask.ts";
import { visibilityOf } from "../../../src/pipeline/picture/visibility.ts";
import { anchorMentions } from "../../../src/pipeline/text/anchor.ts";
import { foldName, groupEntities } from "../../../src/pipeline/text/entities.ts";
import { offsetsOf } from "../../../src/pipeline/text/offsets.ts";

const unicode = fc.string({
  unit: fc.oneof(
    fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
    fc.constantFrom("🚀", "é", "e\u0301", "\ud83d", "a", " "),
  ),
});

describe("offsets", () => {
  const slices: Record<OffsetEncoding, (text: string) => number> = {
    "utf-16": (text) => text.length,
    "utf-8": (text) => new TextEncoder().encode(text).length,
    "code-point": (text) => [...text].length,
  };
  test.each(Object.entries(slices) as Array<[OffsetEncoding, (text: string) => number]>)(
    "%s agrees with counting, both ways, and knows the length",
    (encoding, lengthOf) => {
      fc.assert(
        fc.property(unicode, (text) => {
          const offsets = offsetsOf(text, encoding);
          expect(offsets.length).toBe(lengthOf(text));
          let index = 0;
          for (const character of ["", ...text]) {
            index += character.length;
            const offset = lengthOf(text.slice(0, index));
            expect(offsets.fromUtf16(index)).toBe(offset);
            expect(offsets.toUtf16(offset)).toBe(index);
          }
          expect(offsets.toUtf16(lengthOf(text) + 1)).toBeNull();
        }),
      );
    },
  );

  test("a position inside a character is none", () => {
    expect(offsetsOf("a🚀", "utf-16").toUtf16(2)).toBeNull();
    expect(offsetsOf("é", "utf-8").toUtf16(1)).toBeNull();
    expect(() => offsetsOf("🚀", "code-point").fromUtf16(1)).toThrow(RangeError);
  });
});

const mention = (text: string, start: number, type: Mention["type"] = "PER", score: number | null = 0.5): Mention => ({
  text,
  start,
  end: start + text.length,
  type,
  score,
});

describe("anchoring", () => {
  test("every mention is a slice of the text, whole characters, each span once, in order, whatever the model said", () => {
    const claim = fc.record({
      text: unicode,
      start: fc.nat(40),
      end: fc.nat(40),
      type: fc.constantFrom("PER", "LOC") as fc.Arbitrary<Mention["type"]>,
      score: fc.constant(null),
    });
    fc.assert(
      fc.property(unicode, fc.array(claim), (text, claims) => {
        const spans = anchorMentions(text, claims).map((found) => {
          expect(text.slice(found.start, found.end)).toBe(found.text);
          expect(
            () =>
              offsetsOf(text, "code-point").fromUtf16(found.start) + offsetsOf(text, "code-point").fromUtf16(found.end),
          ).not.toThrow();
          return `${found.start} ${found.end}`;
        });
        expect(new Set(spans).size).toBe(spans.length);
        expect(spans).toEqual(
          spans.toSorted(
            (a, b) =>
              Number(a.split(" ")[0]) - Number(b.split(" ")[0]) || Number(a.split(" ")[1]) - Number(b.split(" ")[1]),
          ),
        );
      }),
    );
  });

  test("a name said twice goes to its own place, even when the model's offsets are off", () => {
    const text = "Felix and Felix";
    expect(anchorMentions(text, [mention("Felix", 1), mention("Felix", 12)]).map(({ start }) => start)).toEqual([
      0, 10,
    ]);
    expect(anchorMentions(text, [mention("Felix", 13)]).map(({ start }) => start)).toEqual([10]);
    expect(anchorMentions(text, [mention("Oscar", 0)])).toEqual([]);
  });
});

describe("entities", () => {
  test.each([
    ["NASA", "nasa"],
    ["@NASA", "#nasa"],
    ["Straße", "STRASSE"],
    ["ＮＡＳＡ", "NASA"],
    ["Beyonce\u0301", "BEYONCÉ"],
    ["ΟΔΟΣ", "οδός".normalize("NFD").replace(/\p{Mn}/gu, "")],
  ])("%s and %s are one name", (one, other) => {
    expect(foldName(one)).toBe(foldName(other));
  });

  test("one name with one type is one entity with all its mentions, and nothing is lost", () => {
    const name = fc.constantFrom("NASA", "@nasa", "#NASA", "Felix", "felix", "ESA");
    const mentions = fc.array(
      fc.record({
        name,
        type: fc.constantFrom("PER", "ORG") as fc.Arbitrary<Mention["type"]>,
        score: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
      }),
    );
    fc.assert(
      fc.property(mentions, (list) => {
        const all = list.map((one, index) => mention(one.name, index * 10, one.type, one.score));
        const entities = groupEntities(all);
        expect(entities.flatMap((entity) => entity.mentions).toSorted((a, b) => a.start - b.start)).toEqual(all);
        expect(new Set(entities.map(({ text, type }) => `${type} ${foldName(text)}`)).size).toBe(entities.length);
        expect(entities.map(({ id }) => id)).toEqual(entities.map((_, index) => `e${index + 1}`));
      }),
    );
  });
});

describe("the gate", () => {
  const said = (visible: boolean | null, score: number | null) => ({
    id: "e1",
    visible,
    score,
    method: "m",
    calibrated: false,
    reason: null,
  });
  test.each([
    ["without a threshold the model decides", true, 0.2, undefined, true],
    ["a score at the threshold passes", false, 0.5, 0.5, true],
    ["a score below it does not", true, 0.49, 0.5, false],
    ["0 lets a no through", false, null, 0, true],
    ["0 leaves a doubt a doubt", null, null, 0, null],
    ["without a score the model decides", false, null, 0.5, false],
  ])("%s", (_, visible, score, threshold, expected) => {
    const verdict = visibilityOf(said(visible, score), threshold);
    expect(verdict.visible).toBe(expected);
    expect(verdict.visibility.reason === null).toBe(expected !== null);
  });
  test("an entity that the model left out is undecided", () => {
    expect(visibilityOf(undefined, 0)).toMatchObject({
      visible: null,
      visibility: { reason: "undecided", score: null },
    });
  });
});

describe("masks", () => {
  const size = { width: 40, height: 40 };
  const filled = (box: Box) =>
    encodeRle(
      Array.from({ length: 1600 }, (_, index) => {
        const [x, y] = [(index % 40) + 0.5, Math.floor(index / 40) + 0.5];
        return Number(x > box.xmin && x < box.xmax && y > box.ymin && y < box.ymax);
      }),
      size,
    );
  const box = { xmin: 10, ymin: 10, xmax: 30, ymax: 30 };
  test.each([
    ["of the whole box", filled(box), null],
    ["a quarter outside it", filled({ ...box, xmax: 36.9 }), "outside_box"],
    ["in a corner of it", filled({ xmin: 10, ymin: 10, xmax: 20, ymax: 20 }), "bounds_differ"],
    ["that is empty", filled({ xmin: 0, ymin: 0, xmax: 0, ymax: 0 }), "no_mask"],
    ["that is malformed", { size: [40, 40] as [number, number], counts: "1" }, "no_mask"],
    [
      "of a picture of another shape",
      encodeRle(new Uint8Array(40 * 44).fill(1), { width: 44, height: 40 }),
      "bounds_differ",
    ],
  ])("a mask %s: %s", (_, mask, reason) => {
    expect(checkMask(mask, box, size, 1).reason).toBe(reason);
  });

  test("a mask of the picture at half its size is that of the picture", () => {
    const half = encodeRle(
      Array.from({ length: 400 }, (_, index) =>
        Number(index % 20 >= 5 && index % 20 < 15 && index >= 100 && index < 300),
      ),
      { width: 20, height: 20 },
    );
    expect(checkMask(half, box, size, 1).mask).toEqual(filled(box));
  });
});

test("at most so many connections at a time, first come first served, and a failure frees its place", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 5 }),
      fc.array(fc.boolean(), { maxLength: 20 }),
      async (places, fails) => {
        const limit = createLimiter(places);
        let running = 0;
        const order: number[] = [];
        await Promise.allSettled(
          fails.map((fail, index) =>
            limit(async () => {
              order.push(index);
              expect(++running).toBeLessThanOrEqual(places);
              await Promise.resolve();
              running--;
              if (fail) throw new Error("down");
            }),
          ),
        );
        expect(order).toEqual(fails.map((_, index) => index));
        expect(running).toBe(0);
      },
    ),
  );
});

test.each([
  ["https://models.example/x", true],
  ["http://127.0.0.1:8788/x", true],
  ["http://models.internal/x", false],
  ["https://elsewhere.example/x", false],
])("a provider at %s is asked: %s", async (address, asked) => {
  const seen: Array<RequestInit> = [];
  const configured = new Set(["https://models.example", "http://127.0.0.1:8788", "http://models.internal"]);
  const providerFetch = createProviderFetch(configured, async (_url, init) => {
    seen.push(init);
    return new Response();
  });
  const answer = providerFetch(new URL(address), { method: "POST" });
  if (asked) await answer;
  else await expect(answer).rejects.toThrow(TypeError);
  expect(seen.map(({ redirect }) => redirect)).toEqual(asked ? ["manual"] : []);
});
