import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { STAGE_NAMES, type StageName } from "../../../schemas/stages/index.ts";
import { ADAPTERS } from "../../../src/stages/index.ts";
import type { NameFamily, Served, StageAdapter } from "../../../src/stages/model.ts";
import { ANY_NAME, entriesOf, findAdapter, isOfFamily } from "../../../src/stages/served.ts";

type Adapter = StageAdapter<StageName>;
const adapter = (title: string, ...serves: Served[]) => ({ serves, card: { title } }) as unknown as Adapter;
const find = (adapters: readonly Adapter[], model: string, aliased = false) =>
  findAdapter("grounding", adapters as never, { provider: "openai", model, aliased }).adapter;
const adaptersOf = (stage: StageName) => ADAPTERS[stage] as unknown as readonly Adapter[];

describe("isOfFamily", () => {
  const qwen: NameFamily = { label: "…qwen…vl…", contains: ["qwen", "vl"] };
  test.each<[name: string, family: NameFamily, expected: boolean]>([
    ["anything", ANY_NAME, true],
    ["Qwen/Qwen3-VL-8B", qwen, true],
    ["vl-qwen", qwen, false],
    ["qwen3-8b", qwen, false],
    ["chat/qwen-vl", { ...qwen, prefix: "chat/" }, true],
    ["qwen-vl", { ...qwen, prefix: "chat/" }, false],
    ["chat/", { label: "chat/NAME", prefix: "chat/" }, false],
    ["chat/owner/name", { label: "NAME", except: ["chat/"] }, false],
    ["@cf/moondream/moondream3.1", { label: "@cf/NAME", prefix: "@cf/", except: ["@cf/moondream/"] }, false],
    ["vlqwen", { label: "…vl…vl…", contains: ["vl", "vl"] }, false],
  ])("of %j and %j is %s", (name, family, expected) => {
    expect(isOfFamily(name, family)).toBe(expected);
  });

  test("is true when the parts stand in the name in order, whatever their case and what is between", () => {
    const word = fc.stringMatching(/^[a-z]{1,5}$/);
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 4 }), word, (contains, between) => {
        const name = contains.join(between);
        expect(isOfFamily(name, { label: "", contains })).toBe(true);
        expect(isOfFamily(name.toUpperCase(), { label: "", contains })).toBe(true);
        expect(isOfFamily(`x${name}x`, { label: "", prefix: "x", contains })).toBe(true);
        expect(isOfFamily(name.slice(1), { label: "", contains: [name] })).toBe(false);
      }),
    );
  });
});

describe("entriesOf", () => {
  test.each<[served: Served, entries: string[]]>([
    [{ provider: "replicate", names: ["adirik/grounding-dino"] }, ["replicate/adirik/grounding-dino"]],
    [{ provider: "workers-ai", names: ["m", "@cf/o/m"] }, ["workers-ai/m", "workers-ai/@cf/o/m"]],
    [{ provider: "huggingface", families: [ANY_NAME] }, ["huggingface/NAME"]],
    [{ provider: "huggingface", families: [ANY_NAME], aliased: true }, ["huggingface:ALIAS/NAME"]],
    [{ provider: "cog", families: [ANY_NAME] }, ["cog:ALIAS/NAME"]],
    [{ provider: "cog", names: ["ofa-vg"] }, ["cog:ALIAS/ofa-vg"]],
    [{ provider: "openai", families: [{ label: "…qwen…vl…" }] }, ["openai/…qwen…vl…"]],
    [
      { provider: "openai", families: [{ label: "…a…" }, { label: "…b…" }, { label: "…b…", contains: ["B"] }] },
      ["openai/…a…", "openai/…b…"],
    ],
  ])("of %j is %j", (served, entries) => {
    expect(entriesOf(served)).toEqual(entries);
  });
});

describe("findAdapter", () => {
  const exact = adapter("exact", { provider: "openai", names: ["gpt-4o"] });
  const any = adapter("any", { provider: "openai", families: [ANY_NAME] });

  test("prefers an exact name to a family, whichever is listed first", () => {
    for (const adapters of [
      [exact, any],
      [any, exact],
    ]) {
      expect(find(adapters, "gpt-4o")).toBe(exact);
      expect(find(adapters, "gpt-4o-mini")).toBe(any);
    }
  });

  test("throws with both titles when two families hold the name", () => {
    const other = adapter("other", { provider: "openai", families: [{ label: "…gpt…", contains: ["gpt"] }] });
    expect(() => find([any, other], "gpt-5")).toThrow("more than one grounding model has this name: any; other");
    expect(find([any, other], "llama")).toBe(any);
  });

  test("throws with both titles when two files have the exact name", () => {
    const twin = adapter("twin", { provider: "openai", names: ["gpt-4o"] });
    expect(() => find([exact, twin], "gpt-4o")).toThrow("more than one grounding model has this name: exact; twin");
  });

  test("throws with the known entries when no file has the name", () => {
    expect(() => find([exact], "gpt-5")).toThrow("no grounding model has this name; known: openai/gpt-4o");
  });

  test("throws when a file that needs an alias is named without one", () => {
    const own = adapter("own", { provider: "openai", families: [ANY_NAME], aliased: true });
    expect(() => find([own], "m")).toThrow("is only reached behind an alias: openai:alias/m");
    expect(find([own], "m", true)).toBe(own);
  });
});

describe("the model files of a stage", () => {
  /** Names that one family holds, out of its own conditions. */
  const sampleOf = ({ prefix = "", contains = ["name"] }: NameFamily) => `${prefix}owner/${contains.join("3-")}`;

  test.each(STAGE_NAMES)("of %s never serve the same exact name twice", (stage) => {
    const names = adaptersOf(stage).flatMap(({ serves }) =>
      serves.flatMap(({ provider, names: served = [] }) => served.map((name) => `${provider}/${name}`)),
    );
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  test.each(STAGE_NAMES)("of %s never serve names of the same family", (stage) => {
    const adapters = adaptersOf(stage);
    for (const owner of adapters) {
      for (const { provider, families = [] } of owner.serves) {
        for (const family of families) {
          const address = { provider, model: sampleOf(family), aliased: true };
          expect(findAdapter(stage, adapters as never, address).adapter).toBe(owner);
        }
      }
    }
  });

  test.each(STAGE_NAMES)("of %s serve only names that their own file finds again", (stage) => {
    const adapters = adaptersOf(stage);
    for (const owner of adapters) {
      for (const { provider, names = [] } of owner.serves) {
        for (const model of names)
          expect(findAdapter(stage, adapters as never, { provider, model, aliased: true }).adapter).toBe(owner);
      }
    }
  });
});
