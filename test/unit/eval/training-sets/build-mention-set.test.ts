import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { buildMentionSet, type MentionSetRequest } from "../../../../eval/training-sets/build-mention-set.ts";
import type { EvaluatedPost } from "../../../../schemas/evaluation.ts";
import { entity } from "../../../support/evaluated-posts.ts";
import { folderOf } from "../../../support/evaluation-files.ts";

const post = (id: string, tokens: string[], fields: Partial<EvaluatedPost> = {}): EvaluatedPost => {
  return { id, offset_unit: "token", tokens, entities: [], ...fields };
};
const POSTS = [post("7", ["Ted", "!"], { entities: [entity("PER", 0, 1)] }), post("8", ["ESA"])];

const build = async (fields: Partial<MentionSetRequest>, posts = POSTS) => {
  const folder = folderOf({});
  const [out, conll] = [join(folder, "out.jsonl"), join(folder, "out.conll")];
  const gold = { kind: "conll", posts, notes: ["a note"], missing: {} };
  const report = await buildMentionSet({ gold, knowledge: [], allowsPlain: false, out, conll, ...fields }).catch(
    (error: Error) => {
      expect(readdirSync(folder)).toEqual([]);
      throw error;
    },
  );
  const rows = readFileSync(out, "utf8")
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line));
  return { report, rows, conll: readFileSync(conll, "utf8") };
};

describe("buildMentionSet", () => {
  it("copies each post once a model, and a text that two models wrote once", async () => {
    const knowledge = [
      new Map([
        ["7", "a man"],
        ["8", "an agency"],
      ]),
      new Map([
        ["7", "a senator"],
        ["8", "an agency"],
        ["9", "of no post"],
      ]),
    ];
    const { report, rows, conll } = await build({ knowledge });
    expect(rows.map(({ id, knowledge: text }) => [id, text])).toEqual([
      ["7.jpg#0", "a man"],
      ["7.jpg#1", "a senator"],
      ["8.jpg#0", "an agency"],
    ]);
    expect(conll).toBe(
      "Ted\tB-PER\n!\tO\n<EOS>\tX\na\tX\nman\tX\n\nTed\tB-PER\n!\tO\n<EOS>\tX\na\tX\nsenator\tX\n\n" +
        "ESA\tO\n<EOS>\tX\nan\tX\nagency\tX\n\n",
    );
    expect(report).toEqual({
      task: "mner",
      gold: { kind: "conll", posts: 2, entities: 1 },
      posts_by_knowledge: { 1: 1, 2: 1 },
      rows: 3,
      left_out: { empty: [], failed: [] },
      notes: ["a note"],
    });
  });

  it("writes each post once without knowledge where none was given", async () => {
    const { report, conll } = await build({});
    expect(conll).toBe("Ted\tB-PER\n!\tO\n\nESA\tO\n\n");
    expect(report.posts_by_knowledge).toEqual({ 0: 2 });
  });

  it("refuses a post of which nothing is known, or writes it without knowledge", async () => {
    const knowledge = [new Map([["8", "an agency"]])];
    await expect(build({ knowledge })).rejects.toThrow(
      "nothing is known of 1 of 2 posts; the first is 7. --without-knowledge plain",
    );
    const { rows, report } = await build({ knowledge, allowsPlain: true });
    expect(rows.map(({ knowledge: text }) => text)).toEqual([null, "an agency"]);
    expect(report.posts_by_knowledge).toEqual({ 0: 1, 1: 1 });
  });

  it("leaves out posts without a token, and those that failed in gold", async () => {
    const { rows, report } = await build({}, [post("1", []), ...POSTS, post("2", ["x"], { error: "none" })]);
    expect(rows.map(({ post_id }) => post_id)).toEqual(["7", "8"]);
    expect(report.left_out).toEqual({ empty: ["1"], failed: ["2"] });
  });

  it("refuses gold without offsets, and leaves no file when a post cannot be written", async () => {
    const gold = { kind: "riveg-gold", posts: POSTS, notes: [], missing: { offsets: "RiVEG's rows have names" } };
    await expect(build({ gold })).rejects.toThrow("mner needs offsets: RiVEG's rows have names");
    const overlapping = post("9", ["a"], { entities: [entity("PER", 0, 1), entity("LOC", 0, 1)] });
    await expect(build({}, [...POSTS, overlapping])).rejects.toThrow("post 9: name 0 1 overlaps another entity");
  });
});
