import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import type { EvaluatedFile } from "../../../../eval/readers/evaluated-file.ts";
import type { Expansion } from "../../../../eval/readers/expansions.ts";
import { buildEntitySet, type EntitySetRequest } from "../../../../eval/training-sets/build-entity-set.ts";
import type { EvaluatedPost } from "../../../../schemas/evaluation.ts";
import { entity, goldPost } from "../../../support/evaluated-posts.ts";
import { folderOf } from "../../../support/evaluation-files.ts";

const named = (text: string, type: string, boxes: EvaluatedPost["entities"][number]["boxes"] = []) =>
  entity(type, 0, 1, boxes, { text });
const post = (id: string, ...entities: EvaluatedPost["entities"]): EvaluatedPost => {
  return { id, offset_unit: "token", entities };
};
const fileOf = (...posts: EvaluatedPost[]): EvaluatedFile => ({ kind: "gmner", posts, notes: [], missing: {} });
const says = (id: string, name: string, type: string, text: string, method: Expansion["method"] = "llm"): Expansion => {
  return { id, name, type, text, method };
};

/** Ted is repeated in post 7; Rome has no region. */
const GOLD = fileOf(
  post("7", named("Ted", "PER", [[0, 0, 30, 20]]), named("Rome", "LOC"), named("Ted", "PER", [[0, 0, 30, 20]])),
  post(
    "8",
    named("ESA", "ORG", [
      [0, 0, 9, 9],
      [1, 1, 20, 20],
    ]),
  ),
);
const FIRST = [
  says("7", "Ted", "PER", "a man"),
  says("7", "Rome", "LOC", "a city"),
  says("8", "ESA", "ORG", "ESA, an organization", "template"),
];
const SECOND = [says("7", "Ted", "PER", "a senator"), says("7", "Rome", "LOC", "a city")];

const build = async (fields: Partial<EntitySetRequest> = {}) => {
  const folder = folderOf({});
  const out = join(folder, "out.jsonl");
  const request: EntitySetRequest = {
    task: "ve",
    gold: GOLD,
    expansions: [FIRST, SECOND],
    allowsNameAlone: false,
    captions: null,
    allowsNoCaption: false,
    severalBoxes: "each",
    images: null,
    out,
    tsv: null,
    ...fields,
  };
  const report = await buildEntitySet(request).catch((error: Error) => {
    expect(readdirSync(folder)).toEqual([]);
    throw error;
  });
  const rows = readFileSync(out, "utf8")
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line));
  return { report, rows };
};
const summaryOf = (rows: ReadonlyArray<Record<string, unknown>>) =>
  rows.map(({ id, text, label, box }) => [id, text, label ?? box]);

describe("buildEntitySet", () => {
  it("makes every entity of gold a row of visual entailment for each phrasing", async () => {
    const { report, rows } = await build();
    expect(summaryOf(rows)).toEqual([
      ["7.jpg#0-0", "Ted(PER)-a man", "entailment"],
      ["7.jpg#0-1", "Ted(PER)-a senator", "entailment"],
      ["7.jpg#1-0", "Rome(LOC)-a city", "contradiction"],
      ["8.jpg#0-0", "ESA(ORG)-ESA, an organization", "entailment"],
    ]);
    expect(report).toEqual({
      task: "ve",
      gold: { kind: "gmner", posts: 2, positive: 3, negative: 1 },
      entities: { positive: 2, negative: 1 },
      several_boxes: null,
      entities_by_phrasings: { 1: 2, 2: 1 },
      rows: { total: 4, positive: 3, negative: 1 },
      template_rows: 1,
      rows_without_caption: null,
      pictures: null,
      notes: [],
    });
  });

  it("makes what the picture shows a row of visual grounding for each phrasing and box", async () => {
    // Rome needs no expansion, because it becomes no row.
    const { report, rows } = await build({ task: "vg", expansions: [FIRST.filter(({ name }) => name !== "Rome")] });
    expect(summaryOf(rows)).toEqual([
      ["7.jpg#0-0-0", "Ted(PER)-a man", [0, 0, 30, 20]],
      ["8.jpg#0-0-0", "ESA(ORG)-ESA, an organization", [0, 0, 9, 9]],
      ["8.jpg#0-0-1", "ESA(ORG)-ESA, an organization", [1, 1, 20, 20]],
    ]);
    expect(report).toMatchObject({
      entities: { positive: 2, negative: 1 },
      several_boxes: { rule: "each", entities: 1 },
      entities_by_phrasings: { 1: 2 },
      rows: { total: 3, positive: 3, negative: 0 },
    });
  });

  it("refuses an entity without an expansion, or writes its name", async () => {
    await expect(build({ expansions: [SECOND] })).rejects.toThrow(
      "1 of 3 entities have no expansion; the first is ESA(ORG) of post 8. --without-expansion name",
    );
    const { report, rows } = await build({ expansions: [], allowsNameAlone: true });
    expect(rows.map(({ text, expansion_method }) => [text, expansion_method])).toEqual([
      ["Ted(PER)", null],
      ["Rome(LOC)", null],
      ["ESA(ORG)", null],
    ]);
    expect(report).toMatchObject({ entities_by_phrasings: { 0: 3 }, template_rows: 0 });
  });

  it("refuses a post without a caption, or leaves it empty", async () => {
    const captions = new Map([["7", "two men"]]);
    await expect(build({ captions })).rejects.toThrow("1 posts have no caption; the first is 8. --without-captions");
    const { report, rows } = await build({ captions, allowsNoCaption: true });
    expect(rows.map(({ caption }) => caption)).toEqual(["two men", "two men", "two men", null]);
    expect(report.rows_without_caption).toBe(1);
  });

  it("refuses gold without regions", async () => {
    const gold = { ...GOLD, missing: { regions: "it has none" } };
    await expect(build({ gold })).rejects.toThrow("gold has no regions: it has none");
  });

  it("leaves rows out of both files whose picture is missing or broken, and writes the others' pictures", async () => {
    const picture = await sharp({ create: { width: 30, height: 20, channels: 3, background: "#123" } })
      .jpeg()
      .toBuffer();
    const folder = folderOf({ "7.jpg": picture, "8.jpg": "no picture" });
    const tsv = join(folder, "out.tsv");
    const { report, rows } = await build({
      images: folder,
      tsv,
      captions: new Map([
        ["7", "a man"],
        ["8", "a logo"],
      ]),
    });
    expect(rows.map(({ id }) => id)).toEqual(["7.jpg#0-0", "7.jpg#0-1", "7.jpg#1-0"]);
    const base64 = picture.toString("base64");
    expect(readFileSync(tsv, "utf8")).toBe(
      `7.jpg#0-0\t7\t${base64}\ta man\tTed(PER)-a man\tentailment\n` +
        `7.jpg#0-1\t7\t${base64}\ta man\tTed(PER)-a senator\tentailment\n` +
        `7.jpg#1-0\t7\t${base64}\ta man\tRome(LOC)-a city\tcontradiction\n`,
    );
    expect(report.pictures).toEqual({ rows_left_out: 1, missing: [], broken: ["8"], turned: [], too_small: [] });
    expect(report.rows).toEqual({ total: 3, positive: 2, negative: 1 });
  });

  it("writes the same bytes again", async () => {
    const [first, second] = [await build({ task: "vg" }), await build({ task: "vg" })];
    expect(first).toEqual(second);
  });

  it("writes as many rows as entities have phrasings, each with one label and an id of its own", async () => {
    const text = fc.constantFrom("a", "b", "c");
    await fc.assert(
      fc.asyncProperty(fc.array(goldPost, { maxLength: 4 }), fc.array(text, { minLength: 1 }), async (posts, texts) => {
        const gold = fileOf(...posts.map((one, index) => ({ ...one, id: String(index) })));
        const all = gold.posts.flatMap(({ id, entities }) => entities.map((one) => ({ ...one, id })));
        const expansions = texts.map((one) => all.map(({ id, text: name, type }) => says(id, name, type, one)));
        const distinct = new Set(all.map(({ id, text: name, type }) => `${id} ${name} ${type}`)).size;
        const { rows, report } = await build({ gold, expansions });
        expect(rows.length).toBe(distinct * new Set(texts).size);
        expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
        expect(report.rows.positive + report.rows.negative).toBe(rows.length);
        expect(rows.filter(({ label }) => label === "entailment").length).toBe(report.rows.positive);
        const shown = all.filter(({ boxes }) => boxes.length > 0);
        const grounding = await build({ gold, expansions, task: "vg" });
        const boxes = shown.reduce((sum, one) => sum + one.boxes.length, 0);
        expect(grounding.rows.length).toBe(boxes * new Set(texts).size);
        expect(new Set(grounding.rows.map(({ id }) => id)).size).toBe(grounding.rows.length);
      }),
      { numRuns: 30 },
    );
  });

  it("leaves no file when a folder of pictures is not there", async () => {
    await expect(build({ images: join(folderOf({}), "none") })).rejects.toThrow("ENOENT");
  });
});
