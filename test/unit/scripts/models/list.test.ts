import { describe, expect, test } from "vitest";
import { STAGE_NAMES, type StageName } from "../../../../schemas/stages/index.ts";
import { batchOf, formatList, formatMarkdown, type ListedModel, listModels } from "../../../../scripts/models/list.ts";
import { readAddress } from "../../../../src/stages/address.ts";
import { ADAPTERS, createModel } from "../../../../src/stages/index.ts";
import type { ModelRuntime, StageAdapter, StageInput, StageModel } from "../../../../src/stages/model.ts";
import { findAdapter } from "../../../../src/stages/served.ts";
import { modelInputOf } from "../../../support/picture-ref.ts";

const MODELS = listModels();
const IMAGE = "data:image/png;base64,iVBORw0KGgo=";
const SIZE = { width: 20, height: 12 };
const ENTITIES = [{ id: "e1", text: "Collins", type: "PER", expression: "a woman" }];
const INPUTS: { readonly [Name in StageName]: StageInput<Name> } = {
  picture: { image: IMAGE, max_side: 2_048 },
  caption: { image: IMAGE, size: SIZE },
  embedding: { texts: ["In Houston"] },
  knowledge: { text: "In Houston", examples: [] },
  mner: { text: "In Houston", labels: "gmner" },
  expansion: { text: "In Houston", entities: [{ id: "e1", text: "Houston", type: "LOC" }] },
  entailment: { image: IMAGE, size: SIZE, entities: ENTITIES },
  grounding: { image: IMAGE, size: SIZE, entities: ENTITIES },
  segmentation: {
    image: IMAGE,
    size: SIZE,
    boxes: [{ id: "b1", box: { xmin: 1, ymin: 1, xmax: 5, ymax: 5 } }],
    warm: false,
  },
};

/** A model's name of the form that an entry of the list stands for. */
const sampleOf = (entry: string) =>
  entry
    .replace("ALIAS", "test")
    .replace("NAME", "owner/name")
    .replace(/…(.*)…/, (_, family: string) => `owner/${family.replaceAll("…", "3-")}`);

/** A model whose host records what it was asked and answers 422. */
function open<Name extends StageName>(stage: Name, entry: string): { model: StageModel<Name>; asked: unknown[] } {
  const asked: unknown[] = [];
  const tools: ModelRuntime = {
    fetch: async (_, init) => {
      asked.push(JSON.parse(String(init.body)));
      return new Response("", { status: 422 });
    },
    clock: () => 0,
    chance: () => 0,
    publicUrl: new URL("https://namesight.test"),
    sleep: async () => undefined,
    download: () => Promise.reject(new Error("not called")),
    ai: { run: () => Promise.reject(new Error("not called")) },
    images: { input: () => Promise.reject(new Error("not called")) as never },
  };
  const pinned = entry.startsWith("replicate/") ? `${entry}@${"a".repeat(64)}` : entry;
  const address = readAddress(pinned, (name) => (/_(?:TOKEN|KEY)$/.test(name) ? "t0ken" : "https://host.test"));
  return { model: createModel(stage, address, tools), asked };
}

const attempt = { signal: new AbortController().signal, deadline: 30_000, later: () => undefined, changes: null };
const rows = MODELS.flatMap((model) =>
  model.entries.map((entry): [string, string, ListedModel] => [model.stage, entry, model]),
);

describe("listModels", () => {
  test("lists every model of every stage, in the order of the indexes", () => {
    const titles = STAGE_NAMES.flatMap((stage) =>
      (ADAPTERS[stage] as readonly StageAdapter<StageName>[]).map(({ card }) => card.title),
    );
    expect(MODELS.map(({ title }) => title)).toEqual(titles);
  });

  test.each(rows)(
    "names for %s, as %s, the model that the entry opens, with its batch and way of taking pictures",
    (stage, entry, listed) => {
      const adapters: readonly StageAdapter<StageName>[] = ADAPTERS[stage as StageName] as never;
      const [provider = "", name = ""] = sampleOf(entry)
        .replace(":test", "")
        .split(/\/(.*)/s);
      const first = findAdapter(stage as StageName, adapters, { provider, model: name, aliased: true });
      expect(first.adapter.card.title).toBe(listed.title);
      const { model } = open(stage as StageName, sampleOf(entry));
      expect(model.batch).toBe(listed.batch === "all" ? Number.POSITIVE_INFINITY : listed.batch);
      if (listed.picture !== "none") expect(model.takesLinks).toBe(listed.picture === "link");
    },
  );

  test.each(MODELS.map((model): [string, string, ListedModel] => [model.stage, model.title, model]))(
    "fills in every field for %s, %s",
    (_, __, model) => {
      for (const words of [model.title, model.price, model.returns, model.cannot])
        expect(words.length).toBeGreaterThan(3);
      expect(model.maximumCostUsd === null || (model.maximumCostUsd > 0 && model.maximumCostUsd < 1)).toBe(true);
      expect(model.entries.some((entry) => entry.startsWith("replicate/"))).toBe(model.replicate !== undefined);
      // The schema of md-me-sam3's output is not published.
      if (model.replicate)
        expect(model.replicate.output === undefined).toBe(model.entries[0] === "replicate/zf-kbot/md-me-sam3");
    },
  );

  test.each(
    MODELS.filter(({ replicate }) => replicate).map((model): [string, string, ListedModel] => [
      model.stage,
      model.entries[0] ?? "",
      model,
    ]),
  )("names for %s, as %s, exactly the inputs that are sent", async (stage, entry, { replicate }) => {
    const { model, asked } = open(stage as StageName, entry);
    await model.run(modelInputOf(INPUTS[stage as StageName]), attempt).catch(() => undefined);
    const { input = {} } = (asked[0] ?? {}) as { input?: object };
    expect(Object.keys(input).toSorted()).toEqual([...(replicate?.inputs ?? [])].toSorted());
  });

  const unwarmed = rows.filter(
    ([stage, entry]) => stage === "segmentation" && !open(stage, sampleOf(entry)).model.warms,
  );
  test.each(unwarmed)("of %s, as %s, sends no request when there is no box", async (_, entry) => {
    const { model, asked } = open("segmentation", sampleOf(entry));
    for (const warm of [true, false])
      expect(
        await model.run({ ...modelInputOf<"segmentation">(INPUTS.segmentation), boxes: [], warm }, attempt),
      ).toMatchObject({ masks: [] });
    expect(asked).toEqual([]);
  });
});

test("batchOf says in words how many entities or boxes a call takes", () => {
  const [model] = MODELS as [ListedModel];
  expect(batchOf({ ...model, stage: "segmentation", batch: 1 })).toBe("one box");
  expect(batchOf({ ...model, stage: "segmentation", batch: "all" })).toBe("all boxes");
  expect(batchOf({ ...model, stage: "grounding", batch: 8 })).toBe("8 entities");
  expect(batchOf({ ...model, stage: "caption", batch: "all" })).toBe("");
});

test("formatList aligns its columns and counts the models", () => {
  const lines = formatList(MODELS).split("\n");
  const starts = lines.filter((line) => /^[A-Za-z]/.test(line)).map((line) => line.search(/(?<= {2})\S+[:/]|ENTRY/));
  expect(new Set(starts.slice(0, -1)).size).toBe(1);
  expect(lines.at(-2)).toBe(`${MODELS.length} models`);
});

test("formatMarkdown writes a table for each stage", () => {
  const markdown = formatMarkdown(MODELS).split("\n");
  expect(markdown.filter((line) => line.startsWith("## "))).toEqual(STAGE_NAMES.map((stage) => `## ${stage}`));
  const rows = markdown.filter((line) => line.startsWith("|"));
  expect(rows.length).toBeGreaterThan(MODELS.length);
  for (const row of rows) expect(row.replaceAll("\\|", "").split("|")).toHaveLength(10);
});
