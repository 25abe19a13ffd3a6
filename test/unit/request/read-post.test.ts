import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type FieldError, ProblemError } from "../../../schemas/problem.ts";
import { RecognizeRequest } from "../../../schemas/recognize.ts";
import { postOf } from "../../../src/request/read-post.ts";

const post = (request: object) => postOf(RecognizeRequest.parse(request), null);

/** What is wrong with a request whose fields have the right types. */
function errorsOf(request: object): readonly FieldError[] {
  try {
    post(request);
  } catch (error) {
    if (error instanceof ProblemError) return error.fields.errors ?? [];
  }
  return [];
}

describe("postOf", () => {
  test("joins tokens by one space", () => {
    expect(post({ tokens: ["Eileen", "Collins"] })).toMatchObject({
      text: "Eileen Collins",
      tokens: ["Eileen", "Collins"],
    });
  });

  test("reads the caller's mentions in the caller's offset encoding", () => {
    const entities = [{ start: 2, end: 7, type: "PER" }];
    const { mentions } = post({ text: "🚀 Felix", offset_encoding: "code-point", entities });
    expect(mentions).toEqual([{ text: "Felix", start: 3, end: 8, type: "PER", score: null }]);
  });

  test("reads mentions that are counted in tokens, and counts its own in tokens", () => {
    const tokens = ["🚀", "Eileen", "Collins", "@NASA"];
    const entities = [
      { start: 1, end: 3, type: "PER" },
      { start: 3, end: 4, type: "ORG" },
    ];
    const { mentions, positions } = post({ tokens, offset_encoding: "token", entities });
    expect(mentions).toMatchObject([
      { text: "Eileen Collins", start: 3, end: 17 },
      { text: "@NASA", start: 18, end: 23 },
    ]);
    expect(positions.of(3, 17)).toEqual({ start: 1, end: 3, tokens: { start: 1, end: 3 } });
    expect(positions.of(19, 23)).toEqual({ start: 3, end: 4, tokens: { start: 3, end: 4 } });
  });

  test("reads each span of tokens alike in every encoding", () => {
    const words = fc.array(fc.constantFrom("a", "é", "🚀", "Zürich", "👩‍🚀", "U.S."), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(words, fc.nat(), fc.nat(), (tokens, a, b) => {
        const start = a % tokens.length;
        const end = start + 1 + (b % (tokens.length - start));
        const inTokens = { tokens, offset_encoding: "token", entities: [{ start, end, type: "PER" }] };
        const { mentions } = post(inTokens);
        expect(mentions?.[0]?.text).toBe(tokens.slice(start, end).join(" "));
        for (const offset_encoding of ["utf-16", "utf-8", "code-point"]) {
          const { positions } = post({ tokens, offset_encoding });
          const place = positions.of(mentions?.[0]?.start ?? 0, mentions?.[0]?.end ?? 0);
          const entities = [{ start: place.start, end: place.end, type: "PER" }];
          expect(place.tokens).toEqual({ start, end });
          expect(post({ tokens, offset_encoding, entities }).mentions).toEqual(mentions);
        }
      }),
    );
  });

  test("reads a handle of tokens without its mark", () => {
    const entities = [{ start: 4, end: 8, type: "ORG" }];
    expect(post({ tokens: ["at", "@NASA"], entities }).mentions).toMatchObject([{ text: "NASA" }]);
  });

  test.each([
    ["ends before it starts", { start: 2, end: 1, type: "PER" }, "/entities/0/end"],
    ["is empty", { start: 3, end: 3, type: "PER" }, "/entities/0/end"],
    ["ends outside the text", { start: 0, end: 99, type: "PER" }, "/entities/0/end"],
    ["starts inside a character", { start: 1, end: 3, type: "PER" }, "/entities/0/start"],
    ["starts outside the text", { start: 98, end: 99, type: "PER" }, "/entities/0/start", "/entities/0/end"],
    ["covers only a space", { start: 2, end: 3, type: "PER" }, "/entities/0"],
    ["covers only characters that cannot be seen", { start: 8, end: 10, type: "PER" }, "/entities/0"],
    ["has a type outside the labels", { start: 0, end: 2, type: "CAT" }, "/entities/0/type"],
  ])("refuses a mention that %s", (_, entity, ...pointers) => {
    expect(errorsOf({ text: "🚀 Felix\u200b\u00a0", entities: [entity] })).toMatchObject(
      pointers.map((pointer) => ({ pointer })),
    );
  });

  test.each([
    ["starts inside a token", { start: 2, end: 3 }, "utf-16", ["/start cuts /tokens/0, which is from 0 to 3"]],
    ["ends inside a token", { start: 4, end: 6 }, "utf-16", ["/end cuts /tokens/1, which is from 4 to 7"]],
    [
      "ends inside a token, in code points",
      { start: 3, end: 5 },
      "code-point",
      ["/end cuts /tokens/1, which is from 3 to 6"],
    ],
    [
      "starts after a mark inside a token",
      { start: 10, end: 11 },
      "utf-16",
      ["/start cuts /tokens/2, which is from 8 to 11"],
    ],
    [
      "starts behind the tokens",
      { start: 3, end: 4 },
      "token",
      ["/start lies outside the tokens", "/end lies outside the tokens"],
    ],
    ["ends behind the tokens", { start: 2, end: 4 }, "token", ["/end lies outside the tokens"]],
    ["has no token", { start: 1, end: 1 }, "token", ["/end must be greater than start"]],
  ])("refuses a mention that %s", (_, span, offset_encoding, details) => {
    const request = { tokens: ["🚀x", "abc", "a@b"], offset_encoding, entities: [{ ...span, type: "PER" }] };
    expect(errorsOf(request).map(({ pointer, detail }) => `${pointer} ${detail}`)).toEqual(
      details.map((detail) => `/entities/0${detail}`),
    );
  });

  test.each(["PER", "LOC"])("refuses one span twice, the second as %s", (type) => {
    const entities = [
      { start: 3, end: 8, type: "PER" },
      { start: 3, end: 7, type: "PER" },
      { start: 3, end: 8, type },
    ];
    expect(errorsOf({ text: "🚀 Felix", entities })).toEqual([
      { pointer: "/entities/2", detail: "has the same start and end as /entities/0", value: { start: 3, end: 8 } },
    ]);
  });
});
