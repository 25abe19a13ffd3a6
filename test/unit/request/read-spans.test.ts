import { describe, expect, test } from "vitest";
import { characterPositions, tokenPositions } from "../../../src/request/read-spans.ts";

const TOKENS = ["@NASA", "hired", "Eileen", "Collins"];
const TEXT = TOKENS.join(" ");

describe("characterPositions", () => {
  const { readSpan } = characterPositions(TEXT, TOKENS, "utf-16");
  test.each([
    ["a whole token", 0, 5],
    ["a handle without its mark", 1, 5],
    ["two tokens", 12, 26],
  ])("reads %s", (_, start, end) => {
    expect(readSpan({ start, end }, "/entities/0")).toEqual({ span: { start, end } });
  });

  test.each([
    ["cuts a token", 12, 20, { pointer: "/entities/0/end", limit: [19, 26], value: 20 }],
    ["begins on a space", 11, 18, { pointer: "/entities/0/start", limit: [6, 11], value: 11 }],
    ["ends behind a space", 12, 19, { pointer: "/entities/0/end", limit: [19, 26], value: 19 }],
    ["lies outside the text", 12, 99, { pointer: "/entities/0/end", limit: 26, value: 99 }],
    ["is empty", 12, 12, { pointer: "/entities/0/end", limit: 12, value: 12 }],
  ])("refuses a span that %s", (_, start, end, error) => {
    expect(readSpan({ start, end }, "/entities/0")).toMatchObject({ errors: [error] });
  });
});

describe("tokenPositions", () => {
  const { positions, readSpan } = tokenPositions(TEXT, TOKENS);
  test("reads and gives spans in tokens", () => {
    expect(readSpan({ start: 2, end: 4 }, "/entities/0")).toEqual({ span: { start: 12, end: 26 } });
    expect(positions.of(12, 26)).toMatchObject({ start: 2, end: 4, tokens: { start: 2, end: 4 } });
  });

  test.each([
    [4, 5, ["/entities/0/start", "/entities/0/end"]],
    [1, 9, ["/entities/0/end"]],
    [2, 2, ["/entities/0/end"]],
  ])("refuses %i to %i", (start, end, pointers) => {
    const read = readSpan({ start, end }, "/entities/0");
    expect("errors" in read && read.errors.map(({ pointer }) => pointer)).toEqual(pointers);
  });
});
