import { describe, expect, test } from "vitest";
import { RecognizeRequest } from "../../../schemas/recognize.ts";
import { postOf } from "../../../src/request/read-post.ts";

const post = (request: object) => postOf(RecognizeRequest.parse(request), null);

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

  test.each([
    ["ends before it starts", { start: 2, end: 1, type: "PER" }, "/entities/0/end"],
    ["is empty", { start: 3, end: 3, type: "PER" }, "/entities/0/end"],
    ["ends outside the text", { start: 0, end: 99, type: "PER" }, "/entities/0/end"],
    ["starts inside a character", { start: 1, end: 3, type: "PER" }, "/entities/0/start"],
    ["has a type outside the labels", { start: 0, end: 2, type: "CAT" }, "/entities/0/type"],
  ])("refuses a mention that %s", (_, entity, pointer) => {
    expect(() => post({ text: "🚀 Felix", entities: [entity] })).toThrow(
      expect.objectContaining({ fields: { errors: [expect.objectContaining({ pointer })] } }),
    );
  });
});
