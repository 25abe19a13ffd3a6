import { describe, expect, it } from "vitest";
import { type Asking, requestLines } from "../../../../eval/predict/request-lines.ts";
import type { EvaluatedPost } from "../../../../schemas/evaluation.ts";
import { RecognizeRequest } from "../../../../schemas/recognize.ts";
import { entity } from "../../../support/evaluated-posts.ts";

const ASKING: Asking = { task: "gmner", labels: "gmner", givesEntities: false, allowsFallback: false };
const post = (id: string, fields: Partial<EvaluatedPost> = {}): EvaluatedPost => {
  const entities = [entity("PER", 0, 1), entity("ORG", 2, 3)];
  return { id, offset_unit: "token", tokens: ["Ted", "of", "ESA"], entities, ...fields };
};
const PICTURES = new Map([["7", "/pictures/7.jpg"]]);
const linesOf = (text: string) => text.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line)]));

describe("requestLines", () => {
  it("sends tokens, the name of the picture's file, and what is asked", () => {
    const { text, withoutPicture } = requestLines([post("7")], PICTURES, ASKING);
    expect(text).toBe(
      '{"id":"7","tokens":["Ted","of","ESA"],"image":"7.jpg","task":"gmner","labels":"gmner","max_entities":100,' +
        '"fallback":false,"offset_encoding":"token"}\n',
    );
    expect(withoutPicture).toEqual([]);
  });

  it("asks about the text alone where the folder has no picture, and says for which posts", () => {
    const { text, withoutPicture } = requestLines([post("8"), post("7")], PICTURES, ASKING);
    expect(linesOf(text).map(({ id, image }) => [id, image])).toEqual([
      ["8", undefined],
      ["7", "7.jpg"],
    ]);
    expect(withoutPicture).toEqual(["8"]);
  });

  it("takes the picture of the first for a post that comes again", () => {
    const { text, withoutPicture } = requestLines([post("7"), post("7#2"), post("8#2")], PICTURES, ASKING);
    expect(linesOf(text).map(({ image }) => image)).toEqual(["7.jpg", "7.jpg", undefined]);
    expect(withoutPicture).toEqual(["8#2"]);
  });

  it("misses no picture when none are sent", () => {
    const { text, withoutPicture } = requestLines([post("7")], null, { ...ASKING, task: "mner", allowsFallback: true });
    expect(linesOf(text)).toEqual([expect.objectContaining({ task: "mner", fallback: true })]);
    expect(text).not.toContain("image");
    expect(withoutPicture).toEqual([]);
  });

  it("gives gold's mentions when asked to, also where a post has none", () => {
    const asking = { ...ASKING, givesEntities: true };
    const [first, second] = linesOf(requestLines([post("7"), post("8", { entities: [] })], PICTURES, asking).text);
    expect(first.entities).toEqual([
      { start: 0, end: 1, type: "PER" },
      { start: 2, end: 3, type: "ORG" },
    ]);
    expect(second.entities).toEqual([]);
  });

  it("makes requests that the service takes", () => {
    const { text } = requestLines([post("7")], PICTURES, { ...ASKING, givesEntities: true });
    const [{ id: _, ...fields }] = linesOf(text);
    expect(RecognizeRequest.safeParse(fields).success).toBe(true);
  });

  it("says which post has no tokens", () => {
    const without = { id: "9", offset_unit: "utf-16" as const, text: "Ted", entities: [] };
    expect(() => requestLines([post("7"), without], null, ASKING)).toThrow(
      "post 9 has no tokens, and a data set without tokens cannot be asked about",
    );
  });

  const refused = "post 7 cannot be asked with --given-entities: ";
  it.each<[string, Partial<EvaluatedPost>]>([
    ["its offsets count utf-16, and must count tokens", { offset_unit: "utf-16" }],
    [
      'its entity "Ted" has no start and end',
      { entities: [{ ...entity("PER", 0, 1), text: "Ted", start: null, end: null }] },
    ],
    ["its type city is none of --labels gmner", { entities: [entity("city", 0, 1)] }],
    ['"a" and "b" are both from 0 to 2', { entities: ["a", "b"].map((text) => ({ ...entity("PER", 0, 2), text })) }],
    [
      "it has 101 entities; at most 100",
      { entities: Array.from({ length: 101 }, (_, at) => entity("PER", at, at + 1)) },
    ],
  ])("refuses gold that cannot be given: %s", (fault, fields) => {
    const asking = { ...ASKING, givesEntities: true };
    expect(() => requestLines([post("7", fields)], null, asking)).toThrow(refused + fault);
    // Without it, gold is not looked at.
    expect(() => requestLines([post("7", fields)], null, ASKING)).not.toThrow();
  });

  it("knows the 51 types of Twitter-FMNERG", () => {
    const fine = post("7", { entities: [entity("city", 0, 1)] });
    expect(requestLines([fine], null, { ...ASKING, labels: "fine", givesEntities: true }).text).toContain(
      '"type":"city"',
    );
  });
});
